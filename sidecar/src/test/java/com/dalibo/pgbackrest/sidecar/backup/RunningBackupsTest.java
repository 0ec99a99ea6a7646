package com.dalibo.pgbackrest.sidecar.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.sidecar.failure.BackupDeletedException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RunningBackupsTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final RunningBackups<String> backups = new RunningBackups<>();

  @Test
  void aSecondCallForTheSameBackupWaitsForTheFirst() throws Exception {
    var started = new AtomicInteger();
    var release = new CountDownLatch(1);
    var first = new FutureTask<>(() -> backups.result("uid", LONG, () -> work(started, release)));
    var second = new FutureTask<>(() -> backups.result("uid", LONG, () -> work(started, release)));
    for (var call : List.of(first, second)) {
      var thread = Thread.ofVirtual().start(call);
      while (thread.getState() != Thread.State.TIMED_WAITING) {
        Thread.sleep(5);
      }
    }
    release.countDown();

    assertThat(first.get()).isEqualTo("label");
    assertThat(second.get()).isEqualTo("label");
    assertThat(started).hasValue(1);
  }

  @Test
  void aBackupGoesOnWhileACallStillWaitsForIt() throws Exception {
    var started = new AtomicInteger();
    var release = new CountDownLatch(1);
    try (var calls = Executors.newVirtualThreadPerTaskExecutor()) {
      var first = calls.submit(() -> backups.result("uid", LONG, () -> work(started, release)));
      var second = calls.submit(() -> backups.result("uid", LONG, () -> work(started, release)));
      Thread.sleep(100);
      first.cancel(true);
      Thread.sleep(100);
      release.countDown();

      assertThat(second.get()).isEqualTo("label");
    }
  }

  @Test
  void aBackupEndsWithTheLastCallThatWaits() throws Exception {
    var stopped = new AtomicBoolean();
    var started = new CountDownLatch(1);
    try (var calls = Executors.newVirtualThreadPerTaskExecutor()) {
      var only = calls.submit(() -> backups.result("uid", LONG, () -> endless(started, stopped)));
      started.await();
      only.cancel(true);
    }
    assertThat(stopped).isTrue();
  }

  @Test
  void theSameBackupAskedForWhileItIsBeingStoppedBeginsAfterThat() throws Exception {
    var stopped = new AtomicBoolean();
    var started = new CountDownLatch(1);
    var stopping = new CountDownLatch(1);
    try (var calls = Executors.newVirtualThreadPerTaskExecutor()) {
      var first =
          calls.submit(
              () ->
                  backups.result(
                      "uid",
                      LONG,
                      () -> {
                        try {
                          return endless(started, new AtomicBoolean());
                        } catch (InterruptedException interrupted) {
                          stopping.countDown();
                          // As long as a process group takes to end.
                          Thread.sleep(500);
                          stopped.set(true);
                          throw interrupted;
                        }
                      }));
      started.await();
      first.cancel(true);
      stopping.await();

      var second = calls.submit(() -> backups.result("uid", LONG, () -> "after " + stopped));

      assertThat(second.get()).isEqualTo("after true");
    }
  }

  @Test
  void aBackupThatTakesTooLongIsStopped() {
    var stopped = new AtomicBoolean();

    assertThatThrownBy(
            () ->
                backups.result(
                    "uid", Duration.ofMillis(200), () -> endless(new CountDownLatch(1), stopped)))
        .isInstanceOf(TimeoutException.class);
    assertThat(stopped).isTrue();
  }

  @Test
  void aBackupThatIsNotWantedAnyMoreFailsForAllWhoWaitAndIsStopped() throws Exception {
    var stopped = new AtomicBoolean();
    var started = new CountDownLatch(1);
    try (var calls = Executors.newVirtualThreadPerTaskExecutor()) {
      var first = calls.submit(() -> backups.result("uid", LONG, () -> endless(started, stopped)));
      started.await();
      backups.fail("uid", new BackupDeletedException("deleted"));

      assertThatThrownBy(first::get).hasRootCauseMessage("deleted");
    }
    assertThat(stopped).isTrue();
    assertThat(backups.result("uid", LONG, () -> "label")).isEqualTo("label");
  }

  @Test
  void afterAFailureTheSameBackupCanBeTriedAgain() throws Exception {
    assertThatThrownBy(
            () ->
                backups.result(
                    "uid",
                    LONG,
                    () -> {
                      throw new IllegalStateException("no");
                    }))
        .isInstanceOf(ExecutionException.class)
        .hasRootCauseMessage("no");

    assertThat(backups.result("uid", LONG, () -> "label")).isEqualTo("label");
  }

  private static String work(AtomicInteger started, CountDownLatch release) throws Exception {
    started.incrementAndGet();
    release.await(20, TimeUnit.SECONDS);
    return "label";
  }

  private static String endless(CountDownLatch started, AtomicBoolean stopped) throws Exception {
    started.countDown();
    try {
      Thread.sleep(LONG);
      return "late";
    } catch (InterruptedException interrupted) {
      stopped.set(true);
      throw interrupted;
    }
  }
}
