package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.cnpgi.PluginServer;
import com.dalibo.pgbackrest.program.ProgramRunner;
import java.time.Duration;

/// A sidecar that listens.
final class Sidecar implements AutoCloseable {

  /// PostgreSQL is gone by the time Kubernetes stops us, but its last segment may be on its way.
  private static final Duration LAST_SEGMENT = Duration.ofMinutes(1);

  private static final Log log = Log.named("sidecar");

  private final PluginServer server;
  private final WalArchiver archiver;
  private final PeerServer peerServer;
  private final ProgramRunner runner;

  Sidecar(PluginServer server, WalArchiver archiver, PeerServer peerServer, ProgramRunner runner) {
    this.server = server;
    this.archiver = archiver;
    this.peerServer = peerServer;
    this.runner = runner;
  }

  void awaitTermination() throws InterruptedException {
    server.awaitTermination();
  }

  /// Refuses new calls, lets a segment that is being archived get there, and ends everything else:
  /// a backup or a recovery has lost its PostgreSQL, or starts again elsewhere.
  void stop() {
    log.info("stopping");
    try {
      var draining = Thread.ofVirtual().start(this::drain);
      archiver.awaitIdle(LAST_SEGMENT);
      peerServer.close();
      // The programs first: the calls that wait for them then end by themselves.
      runner.close();
      server.close();
      draining.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    log.info("stopped");
  }

  @Override
  public void close() {
    stop();
  }

  private void drain() {
    try {
      server.drain(LAST_SEGMENT);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
