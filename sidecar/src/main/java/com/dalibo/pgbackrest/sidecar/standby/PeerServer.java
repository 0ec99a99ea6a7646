package com.dalibo.pgbackrest.sidecar.standby;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.command.PgBackRestServer;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.process.LogLine;
import com.dalibo.pgbackrest.sidecar.failure.FailureWords;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.kubernetes.ClusterReader;
import com.dalibo.pgbackrest.sidecar.kubernetes.KubernetesException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;

/// Lets the standbys of this Cluster back up the PostgreSQL here while it is primary: keeps
/// pgBackRest's TLS server running, from when the Cluster's key is there until the sidecar stops.
/// It runs on every instance, because any may be the next primary; not in a Cluster of one
/// instance, where nobody would use what it takes of the memory.
public final class PeerServer implements AutoCloseable {
  private static final Duration LOOK = Duration.ofSeconds(5);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LAST_PAUSE = Duration.ofMinutes(1);
  private static final Log log = Log.named("peers");

  private final PeerFiles files;
  private final PgBackRestServer server;
  private final ClusterReader clusters;
  private final Duration pause;
  private final Thread watching = Thread.ofVirtual().name("peer-files").unstarted(this::watch);
  private final Thread serving = Thread.ofVirtual().name("peer-server").unstarted(this::serve);

  /// @param pause between two looks whether the Cluster has got a second instance
  public PeerServer(
      PeerFiles files, PgBackRestServer server, ClusterReader clusters, Duration pause) {
    this.files = files;
    this.server = server;
    this.clusters = clusters;
    this.pause = pause;
  }

  public void start() {
    watching.start();
  }

  private void watch() {
    var served = 0;
    var silent = false;
    try {
      while (isAlone()) {
        Thread.sleep(pause);
      }
      while (true) {
        try {
          var version = files.refresh();
          if (served == 0) {
            log.info("serving the other instances", "port", PeerFiles.PORT);
            serving.start();
          } else if (served != version) {
            log.info("the Cluster's key or our certificate was replaced");
            server.reload();
          }
          served = version;
          silent = false;
        } catch (PreconditionException | IOException | UncheckedIOException trouble) {
          if (!silent) {
            log.info("no other instance is served yet", "cause", trouble.getMessage());
          }
          silent = true;
        }
        Thread.sleep(LOOK);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Not where it is not known.
  private boolean isAlone() throws InterruptedException {
    try {
      return clusters.read().filter(cluster -> cluster.instances() == 1).isPresent();
    } catch (KubernetesException unknown) {
      log.debug("the number of instances is unknown", "cause", unknown.getMessage());
      return false;
    }
  }

  /// Supervision rather than a [Retry][com.dalibo.pgbackrest.sidecar.failure.Retry]: there is no
  /// last attempt, and an end without a failure counts as one.
  private void serve() {
    var pause = FIRST_PAUSE;
    while (!Thread.currentThread().isInterrupted()) {
      var since = System.nanoTime();
      try {
        var cause = "it ended unexpectedly";
        try {
          server.serve(PeerServer::logLine);
        } catch (PgBackRestException failure) {
          cause = FailureWords.of(failure);
        }
        if (System.nanoTime() - since > LAST_PAUSE.toNanos()) {
          pause = FIRST_PAUSE;
        }
        log.warning(
            "the server for other instances has ended and is restarted",
            "inSeconds",
            pause.toSeconds(),
            "cause",
            cause);
        Thread.sleep(pause);
        pause =
            pause.multipliedBy(2).compareTo(LAST_PAUSE) < 0 ? pause.multipliedBy(2) : LAST_PAUSE;
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void logLine(LogLine line) {
    log.warning("pgbackrest server: " + line.text());
  }

  @Override
  public void close() {
    watching.interrupt();
    serving.interrupt();
  }
}
