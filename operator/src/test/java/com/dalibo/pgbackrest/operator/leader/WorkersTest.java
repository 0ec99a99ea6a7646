package com.dalibo.pgbackrest.operator.leader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorkersTest {
  @AutoClose private final Workers workers = new Workers(1);

  private final AtomicInteger done = new AtomicInteger();

  @Test
  void allIsDone() {
    workers.perform(List.of(done::incrementAndGet, done::incrementAndGet));

    assertThat(done).hasValue(2);
  }

  /// As for thousands of objects in an outage of the API server: another replica leads meanwhile.
  @Test
  void whoNoLongerLeadsLeavesTheRest() throws Exception {
    var begun = new CountDownLatch(1);
    var interrupted = new AtomicBoolean();
    var task =
        Thread.ofVirtual()
            .start(
                () -> {
                  workers.perform(List.of(() -> waitForever(begun), done::incrementAndGet));
                  interrupted.set(Thread.currentThread().isInterrupted());
                });
    begun.await();

    task.interrupt();
    task.join();

    assertThat(interrupted).isTrue();
    workers.perform(List.of());
    assertThat(done).hasValue(0);
  }

  @Test
  void anErrorIsNotLost() {
    assertThatThrownBy(
            () ->
                workers.perform(
                    List.of(
                        () -> {
                          throw new StackOverflowError();
                        })))
        .hasCauseInstanceOf(StackOverflowError.class);
  }

  private static void waitForever(CountDownLatch begun) {
    begun.countDown();
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
