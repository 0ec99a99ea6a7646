package com.dalibo.pgbackrest.sidecar.backup;

import com.dalibo.pgbackrest.process.Interruption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The backups under way in this process, one per Backup uid.
///
/// CNPG may ask for the same Backup twice: the second call waits for the first one's result. A
/// backup ends with the last call that waits for it, so that a deleted or restarted instance
/// manager leaves no pgBackRest behind that holds the lock.
public final class RunningBackups<R> implements AutoCloseable {
  /// Long enough for the process group to be stopped and then killed.
  private static final Duration STOPPING = Duration.ofSeconds(30);

  private final Map<String, Running<R>> byUid = new HashMap<>();

  private static final class Running<R> {
    private final CompletableFuture<R> result = new CompletableFuture<>();
    private final Thread thread;
    private int calls;
    private boolean stopping;

    private Running(String uid, Callable<R> backup) {
      thread = Thread.ofVirtual().name("backup-" + uid).unstarted(() -> complete(backup));
    }

    private void complete(Callable<R> backup) {
      try {
        result.complete(backup.call());
      } catch (Throwable failure) {
        // Whatever it was belongs to the calls that wait.
        result.completeExceptionally(failure);
      }
    }
  }

  /// The result of the backup with this uid, which is started if it is not under way.
  public R result(String uid, Duration timeout, Callable<R> backup)
      throws ExecutionException, TimeoutException, InterruptedException {
    var running = enter(uid, backup);
    try {
      return running.result.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } finally {
      leave(uid, running);
    }
  }

  /// Every call that waits for the backup with this uid fails for this reason, once it is stopped.
  public void fail(String uid, Exception reason) {
    Running<R> running;
    synchronized (this) {
      running = byUid.get(uid);
    }
    if (running != null) {
      var _ = running.result.completeExceptionally(reason);
    }
  }

  /// A backup that is being stopped holds its lock until it has ended; the next begins after that.
  private Running<R> enter(String uid, Callable<R> backup) throws InterruptedException {
    while (true) {
      Running<R> ending;
      synchronized (this) {
        var running = byUid.get(uid);
        if (running == null) {
          running = new Running<>(uid, backup);
          byUid.put(uid, running);
          running.thread.start();
        }
        if (!running.stopping) {
          running.calls++;
          return running;
        }
        ending = running;
      }
      ending.thread.join(STOPPING);
      forget(uid, ending);
    }
  }

  private void leave(String uid, Running<R> running) {
    synchronized (this) {
      running.calls--;
      if (running.calls > 0) {
        return;
      }
      running.stopping = true;
    }
    Interruption.end(running.thread, STOPPING);
    forget(uid, running);
  }

  private synchronized void forget(String uid, Running<R> running) {
    byUid.remove(uid, running);
  }

  @Override
  public void close() {
    synchronized (this) {
      byUid.values().forEach(running -> running.thread.interrupt());
    }
  }
}
