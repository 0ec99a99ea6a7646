package com.dalibo.pgbackrest.operator.leader;

import java.util.Collection;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Do what a task of the leader does for each of many objects, several at a time.
public final class Workers implements AutoCloseable {

  private final ExecutorService threads;

  /// @param most that work at a time
  public Workers(int most) {
    this.threads = Executors.newFixedThreadPool(most, Thread.ofVirtual().factory());
  }

  /// Returns when all is done, or when the task is interrupted because this replica no longer
  /// leads: then what has begun is interrupted too, and the rest is left.
  public void perform(Collection<Runnable> works) {
    try {
      for (var work : threads.invokeAll(works.stream().map(Executors::callable).toList())) {
        var _ = work.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void close() {
    threads.close();
  }
}
