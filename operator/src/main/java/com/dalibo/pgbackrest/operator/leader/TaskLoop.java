package com.dalibo.pgbackrest.operator.leader;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A task of the leader, done again and again while this replica leads. It has a thread of its own:
/// where the API server or a webhook does not answer one task, the others are done nevertheless,
/// unless they wait for the same [Workers].
final class TaskLoop {
  private static final long SETTLING_MILLIS = 100;

  /// So that a storm of changes takes no more than a fifth of the time for itself.
  private static final int PAUSE_TO_WORK = 4;

  private static final Log LOG = Log.of(TaskLoop.class);

  private final LeaderTask task;
  private boolean isPrompted;
  private volatile long promptedMillis;
  private @Nullable ScheduledExecutorService working;

  TaskLoop(LeaderTask task) {
    this.task = task;
  }

  synchronized void begin() {
    end();
    var millis = task.period().toMillis();
    working = Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());
    var _ = working.scheduleWithFixedDelay(this::perform, 0, millis, TimeUnit.MILLISECONDS);
  }

  synchronized void end() {
    if (working != null) {
      working.shutdownNow();
      working = null;
      isPrompted = false;
    }
  }

  /// An object has changed. Changes that come while the work for an earlier one waits are one with
  /// it.
  synchronized void objectChanged() {
    if (working == null || isPrompted || task.trigger() != LeaderTask.Trigger.A_CHANGED_OBJECT) {
      return;
    }
    isPrompted = true;
    var pause = Math.max(SETTLING_MILLIS, PAUSE_TO_WORK * promptedMillis);
    var _ = working.schedule(this::performPrompted, pause, TimeUnit.MILLISECONDS);
  }

  private void performPrompted() {
    synchronized (this) {
      isPrompted = false;
    }
    var start = System.nanoTime();
    perform();
    promptedMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }

  // A failure is one line in the log and another try after the period. An error that leaves here
  // would end the task for ever, and the text of some object may be too much for the stack.
  private void perform() {
    try {
      task.work().run();
    } catch (RuntimeException | StackOverflowError e) {
      // One that is interrupted has not failed: this replica no longer leads.
      if (!Thread.currentThread().isInterrupted()) {
        LOG.error("a task of the leader failed and will be retried", e, "task", task.name());
      }
    }
  }
}
