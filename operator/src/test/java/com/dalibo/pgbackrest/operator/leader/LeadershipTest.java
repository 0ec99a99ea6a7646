package com.dalibo.pgbackrest.operator.leader;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.operator.leader.LeaderTask.Trigger;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class LeadershipTest {
  private static final Duration RARELY = Duration.ofHours(1);

  KubernetesClient client;

  private final AtomicInteger works = new AtomicInteger();

  @Test
  void aStormOfChangesTakesAFifthOfTheTimeForItself() throws Exception {
    try (var leadership = leadership(() -> work(Duration.ofMillis(150)))) {
      leadership.start();
      await(1);
      leadership.objectChanged();
      await(2);
      var before = works.get();

      storm(leadership, Duration.ofSeconds(4));

      // 150 ms of work and 600 ms of rest, and perhaps one that had been begun.
      assertThat(works.get() - before).isBetween(1, 7);
    }
  }

  @Test
  void changesThatComeTogetherAreWorkedOnOnceAndNothingIsLost() throws Exception {
    try (var leadership = leadership(() -> work(Duration.ZERO))) {
      leadership.start();
      await(1);

      for (var change = 0; change < 100; change++) {
        leadership.objectChanged();
      }
      await(2);
      Thread.sleep(300);
      assertThat(works).hasValue(2);

      leadership.objectChanged();
      await(3);
    }
  }

  @Test
  void aTaskThatFailedIsTriedAgain() throws Exception {
    Runnable failing =
        () -> {
          if (works.incrementAndGet() == 1) {
            throw new StackOverflowError();
          }
        };
    try (var leadership =
        new Leadership(
            client,
            "default",
            "pod-1",
            List.of(new LeaderTask("fails", Duration.ofMillis(50), Trigger.TIME_ONLY, failing)))) {
      leadership.start();

      await(3);
    }
  }

  /// As where a webhook does not answer when a Job is created.
  @Test
  void aTaskThatWaitsKeepsNoOtherWaiting() throws Exception {
    var answer = new CountDownLatch(1);
    try (var leadership =
        new Leadership(
            client,
            "default",
            "pod-1",
            List.of(
                new LeaderTask("waits", RARELY, Trigger.A_CHANGED_OBJECT, () -> await(answer)),
                new LeaderTask(
                    "work", RARELY, Trigger.A_CHANGED_OBJECT, works::incrementAndGet)))) {
      leadership.start();
      await(1);

      leadership.objectChanged();
      await(2);
    }
  }

  private static void await(CountDownLatch answer) {
    try {
      answer.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private Leadership leadership(Runnable work) {
    return new Leadership(
        client,
        "default",
        "pod-1",
        List.of(new LeaderTask("work", RARELY, Trigger.A_CHANGED_OBJECT, work)));
  }

  private void work(Duration duration) {
    works.incrementAndGet();
    try {
      Thread.sleep(duration);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void storm(Leadership leadership, Duration duration) throws InterruptedException {
    var until = System.nanoTime() + duration.toNanos();
    while (System.nanoTime() < until) {
      leadership.objectChanged();
      Thread.sleep(5);
    }
  }

  private void await(int count) throws InterruptedException {
    var until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (works.get() < count && System.nanoTime() < until) {
      Thread.sleep(5);
    }
    assertThat(works.get()).isGreaterThanOrEqualTo(count);
  }
}
