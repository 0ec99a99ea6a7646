package com.dalibo.pgbackrest.sidecar.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The file of the lock, whatever it has become.
@Timeout(60)
class VolumeLockFileTest {
  @TempDir private Path root;
  private LockedVolume volume;

  @BeforeEach
  void mount() {
    volume = new LockedVolume(root);
  }

  /// By a release that did not, or where there was no room.
  @Test
  void whatNobodyHasSignedWaitsForNobody() throws Exception {
    Files.createDirectories(volume.pgData().getParent());
    Files.createFile(volume.file());
    try (var lock = volume.pod("another")) {
      lock.hold();
    }
  }

  @Test
  void whatSomebodyElseWroteThereIsTakenForThatOfAPodThatWasKilled() throws Exception {
    Files.createDirectories(volume.pgData().getParent());
    var garbage = new byte[1 << 20];
    new Random(1).nextBytes(garbage);
    Files.write(volume.file(), garbage);
    try (var lock = volume.pod("another")) {
      volume.assertIsToldToWait(lock);
      Thread.sleep(LockedVolume.RETURN);
      lock.hold();
      assertThat(volume.file()).content().hasSize(UUID.randomUUID().toString().length());
    }
  }

  /// Larger than the heap of a sidecar, which must start whatever is there.
  @Test
  void ofALargeFileNoMoreIsReadThanASignature() throws Exception {
    try (var killed = new LockedProcess(volume.pgData())) {
      killed.kill();
    }
    try (var sparse = new RandomAccessFile(volume.file().toFile(), "rw")) {
      sparse.setLength(3L << 30);
    }
    try (var again = volume.pod("data/work-of-the-process")) {
      again.holdAgain();
      try (var other = volume.pod("another")) {
        volume.assertIsToldToWait(other);
      }
    }
  }

  @Test
  void whereALinkLeadsNothingIsWritten() throws Exception {
    Files.createDirectories(volume.pgData());
    var version = Files.writeString(volume.pgData().resolve("PG_VERSION"), "18\n");
    Files.createSymbolicLink(volume.file(), version);
    try (var lock = volume.pod("another")) {
      lock.hold();
    }
    assertThat(version).hasContent("18\n");
  }

  @Test
  void aLinkThatLeadsNowhereKeepsNobodyWaiting() throws Exception {
    Files.createDirectories(volume.pgData().getParent());
    Files.createSymbolicLink(volume.file(), volume.pgData().resolve("none"));
    try (var lock = volume.pod("another")) {
      lock.hold();
      lock.holdAgain();
    }
    assertThat(volume.pgData().resolve("none")).doesNotExist();
  }

  /// On a volume that is full there may be no room to sign again.
  @Test
  void theSignatureOfThisPodIsNotWrittenAgain() throws Exception {
    try (var killed = new LockedProcess(volume.pgData())) {
      killed.kill();
    }
    var before = FileTime.fromMillis(1_000_000_000_000L);
    Files.setLastModifiedTime(volume.file(), before);
    try (var again = volume.pod("data/work-of-the-process")) {
      again.holdAgain();
      assertThat(Files.getLastModifiedTime(volume.file())).isEqualTo(before);
      try (var other = volume.pod("another")) {
        volume.assertIsRefused(other);
      }
    }
  }

  /// The pod before has removed it, and a third one holds what is there now.
  @Test
  void aFileThatIsAnotherMeanwhileIsNotTakenForTheLock() throws Exception {
    var times = new AtomicInteger();
    try (var lock =
        volume.pod(
            "one",
            channel -> {
              if (times.getAndIncrement() == 0) {
                Files.delete(volume.file());
                Files.createFile(volume.file());
              }
              return channel.tryLock() != null;
            })) {
      volume.assertIsRefused(lock);
      lock.hold();
    }
  }

  @Test
  void aFileThatIsGoneMeanwhileIsNoLockEither() throws Exception {
    try (var lock =
        volume.pod(
            "one",
            channel -> {
              Files.delete(volume.file());
              return channel.tryLock() != null;
            })) {
      volume.assertIsRefused(lock);
    }
  }
}
