package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.cnpgi.PluginServer;
import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.process.ProgramRunner;
import com.dalibo.pgbackrest.sidecar.restore.VolumeLock;
import com.dalibo.pgbackrest.sidecar.walarchive.WalArchiver;
import java.time.Duration;
import java.util.List;

/// A sidecar that listens.
final class RunningSidecar implements AutoCloseable {

  /// PostgreSQL is gone by the time Kubernetes stops us, but its last segment may be on its way.
  private static final Duration LAST_SEGMENT = Duration.ofMinutes(1);

  private static final Log log = Log.named("sidecar");

  private final PluginServer server;
  private final WalArchiver archiver;
  private final List<Runnable> ends;
  private final ProgramRunner runner;
  private final VolumeLock lock;

  /// @param ends what ends whatever runs by itself
  /// @param lock is kept until nothing runs
  RunningSidecar(
      PluginServer server,
      WalArchiver archiver,
      List<Runnable> ends,
      ProgramRunner runner,
      VolumeLock lock) {
    this.server = server;
    this.archiver = archiver;
    this.ends = List.copyOf(ends);
    this.runner = runner;
    this.lock = lock;
  }

  void awaitTermination() throws InterruptedException {
    server.awaitTermination();
  }

  /// Refuses new calls, lets a segment that is being archived get there, and ends everything else:
  /// a backup or a recovery has lost its PostgreSQL, or starts again elsewhere.
  void stop() {
    log.info("stopping");
    ends.forEach(Runnable::run);
    try {
      var draining = Thread.ofVirtual().start(this::drain);
      archiver.awaitIdle(LAST_SEGMENT);
      // The programs first: the calls that wait for them then end by themselves.
      runner.close();
      server.close();
      draining.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    lock.close();
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
