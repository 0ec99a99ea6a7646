package com.dalibo.pgbackrest.sidecar.backup;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// Work on a thread of its own, beside that of its caller. Closing it interrupts the work and
/// returns when that has ended.
final class Beside<T> implements AutoCloseable {
  private final FutureTask<T> task;
  private final Thread thread;

  private Beside(String name, Callable<T> work) {
    task = new FutureTask<>(work);
    thread = Thread.ofVirtual().name(name).start(task);
  }

  static <T> Beside<T> start(String name, Callable<T> work) {
    return new Beside<>(name, work);
  }

  /// Waits for the work, and returns or throws what it did.
  T result() throws Exception {
    try {
      return task.get();
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof Exception exception ? exception : failed;
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    var interrupted = Thread.interrupted();
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
