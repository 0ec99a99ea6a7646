package com.dalibo.pgbackrest.sidecar.standby;

import com.dalibo.pgbackrest.command.PgBackRest;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.failure.Retry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;

/// Where a standby finds the primary of its Cluster, and what is where beside that one.
///
/// @param configuration of the pgBackRest that works there for us
public record PrimaryHost(
    String instance,
    String address,
    Path pgData,
    Path socketDirectory,
    int pgPort,
    Path configuration) {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /// Returns when the server there answers, before a backup depends on it.
  void awaitAnswer(PgBackRest program, Duration timeout)
      throws PreconditionException, InterruptedException {
    var end = System.nanoTime() + timeout.toNanos();
    while (true) {
      try {
        program.serverPing(address, PeerFiles.PORT);
        return;
      } catch (PgBackRestException silence) {
        if (System.nanoTime() >= end) {
          throw new PreconditionException(
              ("the pgBackRest server beside the primary '%s' does not answer at %s, port %d (%s): see the log of the"
                      + " container 'pgbackrest-plugin' of '%1$s', and create a new Backup; one with target: primary does"
                      + " not need the server")
                  .formatted(instance, address, PeerFiles.PORT, silence.getMessage()),
              silence);
        }
      }
      Thread.sleep(PAUSE);
    }
  }

  /// Returns when the port can be connected to. A server that has just ended is there again within
  /// a second or two.
  void awaitPort(Duration limit) throws PreconditionException, InterruptedException {
    var _ =
        Retry.every(PAUSE)
            .call(
                PreconditionException.class,
                (_, failed) -> failed.waited().compareTo(limit) < 0,
                (_, _) -> {},
                () -> connect());
  }

  private PrimaryHost connect() throws PreconditionException {
    try (var socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.ofLiteral(address), PeerFiles.PORT),
          (int) CONNECT.toMillis());
      return this;
    } catch (IOException | IllegalArgumentException refusal) {
      throw new PreconditionException(
          ("the sidecar of the primary '%s' cannot be reached at %s, port %d (%s): allow TCP to"
                  + " this port between the pods of the Cluster in its NetworkPolicies, and check "
                  + "that the container 'pgbackrest-plugin' of '%1$s' is running and is of this release")
              .formatted(instance, address, PeerFiles.PORT, refusal.getMessage()),
          refusal);
    }
  }
}
