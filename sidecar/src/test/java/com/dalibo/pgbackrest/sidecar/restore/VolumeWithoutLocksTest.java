package com.dalibo.pgbackrest.sidecar.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.sidecar.Eventually;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A volume that cannot be locked does not keep a Cluster down for ever.
@Timeout(60)
class VolumeWithoutLocksTest {
  @TempDir private Path root;
  private LockedVolume volume;

  @BeforeEach
  void mount() {
    volume = new LockedVolume(root);
  }

  @Test
  void aVolumeThatCannotBeLockedIsUsedWithout() throws Exception {
    Files.createDirectories(volume.file());
    try (var lock = volume.pod("another")) {
      lock.hold();
    }
  }

  /// ENOLCK, as of NFS without a lock daemon.
  @Test
  void aFileSystemWithoutLocksIsUsedWithoutAndNoFileStaysOpen() throws Exception {
    var asked = new AtomicInteger();
    var last = new FileChannel[1];
    try (var lock =
        volume.pod(
            "one",
            channel -> {
              asked.incrementAndGet();
              last[0] = channel;
              throw new IOException("No locks available");
            })) {
      lock.hold();
      lock.hold();
    }
    assertThat(asked).hasValue(2);
    assertThat(last[0].isOpen()).isFalse();
  }

  /// The caller of a restore went away before the volume had answered: the next one gets the
  /// answer.
  @Test
  void whatWasInterruptedIsNotTakenForAnotherPod() throws Exception {
    var slow = new CountDownLatch(1);
    try (var lock =
        volume.pod(
            "one",
            channel -> {
              awaitFor(slow);
              return VolumeLock.lock(channel);
            })) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(lock::hold).isInstanceOf(InterruptedException.class);
      slow.countDown();
      Eventually.until("the volume has answered", () -> Files.size(volume.file()) > 0);

      lock.hold();
    }
    assertThat(volume.file()).doesNotExist();
  }

  private static void awaitFor(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  /// NFS whose lock daemon cannot be reached.
  @Test
  void aFileSystemThatDoesNotAnswerIsAskedOnceAndUsedWithout() throws Exception {
    var asked = new AtomicInteger();
    var never = new CountDownLatch(1);
    try (var lock =
        volume.pod(
            "one",
            _ -> {
              asked.incrementAndGet();
              await(never);
              return false;
            },
            Duration.ofMillis(200))) {
      lock.hold();
      lock.hold();
      Eventually.until("the volume was asked", () -> asked.get() > 0);
    } finally {
      never.countDown();
    }
    assertThat(asked).hasValue(1);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
