package com.dalibo.pgbackrest.sidecar.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.sidecar.Eventually;
import com.dalibo.pgbackrest.stanza.rendering.UnavailableException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class VolumeLockTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration RETURN = Duration.ofSeconds(2);

  @TempDir private Path root;
  private Path pgData;
  private Path file;

  @BeforeEach
  void paths() {
    pgData = root.resolve("data/pgdata");
    file = root.resolve("data/pgbackrest-plugin.lock");
  }

  /// @param work where it keeps what lives as long as it
  private VolumeLock pod(String work) {
    return new VolumeLock(pgData, root.resolve(work), VolumeLock::lock, LIMIT, RETURN);
  }

  @Test
  void oneAtATimeHoldsItAndNothingOfItStays() throws Exception {
    try (var second = pod("second")) {
      try (var first = pod("first")) {
        first.hold();
        first.hold();

        assertIsRefused(second);
      }
      second.hold();
    }
    assertThat(file).doesNotExist();
  }

  private void assertIsRefused(VolumeLock lock) {
    assertThatThrownBy(lock::hold)
        .isInstanceOf(UnavailableException.class)
        .hasMessage(
            "another pod restores or recovers '%s' now, probably one of the same Job that is still being deleted; nothing is restored until it has ended. If there is no such pod, remove '%s'"
                .formatted(pgData, file));
  }

  @Test
  void aKilledProcessReleasesItAfterTheTimeInWhichItMayBeStartedAgain() throws Exception {
    try (var other = new Holder(pgData);
        var lock = pod("another")) {
      assertIsRefused(lock);
      other.kill();
      assertIsToldToWait(lock);
      Eventually.until(
          "it is the next one's",
          () -> {
            try {
              lock.hold();
              return true;
            } catch (UnavailableException _) {
              return false;
            }
          });
    }
    assertThat(file).doesNotExist();
  }

  private void assertIsToldToWait(VolumeLock lock) {
    assertThatThrownBy(lock::hold)
        .isInstanceOf(UnavailableException.class)
        .hasMessage(
            "the sidecar of another pod that restored or recovered '%s' was killed, and its PostgreSQL may still run; nothing is restored unless it does not return within 2 seconds"
                .formatted(pgData));
  }

  /// The pod after it has moved the data directory away meanwhile.
  @Test
  void aKilledProcessThatIsStartedAgainHoldsItBeforeThePodAfterIt() throws Exception {
    try (var lock = pod("another")) {
      try (var killed = new Holder(pgData)) {
        killed.kill();
      }
      assertIsToldToWait(lock);
      try (var again = new Holder(pgData)) {
        Thread.sleep(RETURN);
        assertIsRefused(lock);
        again.kill();
      }
      assertIsToldToWait(lock);
      lock.holdAgain();
      assertIsToldToWait(lock);
    }
  }

  /// By a release that did not, or where there was no room.
  @Test
  void whatNobodyHasSignedWaitsForNobody() throws Exception {
    Files.createDirectories(pgData.getParent());
    Files.createFile(file);
    try (var lock = pod("another")) {
      lock.hold();
    }
  }

  @Test
  void whatSomebodyElseWroteThereIsTakenForThatOfAPodThatWasKilled() throws Exception {
    Files.createDirectories(pgData.getParent());
    var garbage = new byte[1 << 20];
    new Random(1).nextBytes(garbage);
    Files.write(file, garbage);
    try (var lock = pod("another")) {
      assertIsToldToWait(lock);
      Thread.sleep(RETURN);
      lock.hold();
      assertThat(file).content().hasSize(UUID.randomUUID().toString().length());
    }
  }

  /// Larger than the heap of a sidecar, which must start whatever is there.
  @Test
  void ofALargeFileNoMoreIsReadThanASignature() throws Exception {
    try (var killed = new Holder(pgData)) {
      killed.kill();
    }
    try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(3L << 30);
    }
    try (var again = pod("data/work-of-the-process")) {
      again.holdAgain();
      try (var other = pod("another")) {
        assertIsToldToWait(other);
      }
    }
  }

  @Test
  void whereALinkLeadsNothingIsWritten() throws Exception {
    Files.createDirectories(pgData);
    var version = Files.writeString(pgData.resolve("PG_VERSION"), "18\n");
    Files.createSymbolicLink(file, version);
    try (var lock = pod("another")) {
      lock.hold();
    }
    assertThat(version).hasContent("18\n");
  }

  @Test
  void aLinkThatLeadsNowhereKeepsNobodyWaiting() throws Exception {
    Files.createDirectories(pgData.getParent());
    Files.createSymbolicLink(file, pgData.resolve("none"));
    try (var lock = pod("another")) {
      lock.hold();
      lock.holdAgain();
    }
    assertThat(pgData.resolve("none")).doesNotExist();
  }

  /// On a volume that is full there may be no room to sign again.
  @Test
  void theSignatureOfThisPodIsNotWrittenAgain() throws Exception {
    try (var killed = new Holder(pgData)) {
      killed.kill();
    }
    var before = FileTime.fromMillis(1_000_000_000_000L);
    Files.setLastModifiedTime(file, before);
    try (var again = pod("data/work-of-the-process")) {
      again.holdAgain();
      assertThat(Files.getLastModifiedTime(file)).isEqualTo(before);
      try (var other = pod("another")) {
        assertIsRefused(other);
      }
    }
  }

  /// It may go on, and write.
  @Test
  void aProcessThatHangsKeepsIt() throws Exception {
    try (var other = new Holder(pgData);
        var lock = pod("another")) {
      other.signal("STOP");
      assertIsRefused(lock);
      other.signal("CONT");
      other.signal("TERM");
      other.awaitEnd();

      lock.hold();
    }
  }

  @Test
  void whatItsRemedySaysLetsTheNextPodRestoreAndTheOneBeforeRemovesNothingOfIt() throws Exception {
    try (var other = new Holder(pgData);
        var lock = pod("another")) {
      other.signal("STOP");
      Files.delete(file);
      lock.hold();
      other.signal("CONT");
      other.end();

      assertThat(file).exists();
      try (var _ = new Holder(pgData, "refused")) {
        assertThat(file).exists();
      }
    }
    assertThat(file).doesNotExist();
  }

  /// The pod before has removed it, and a third one holds what is there now.
  @Test
  void aFileThatIsAnotherMeanwhileIsNotTakenForTheLock() throws Exception {
    var times = new AtomicInteger();
    try (var lock =
        new VolumeLock(
            pgData,
            root.resolve("one"),
            channel -> {
              if (times.getAndIncrement() == 0) {
                Files.delete(file);
                Files.createFile(file);
              }
              return channel.tryLock() != null;
            },
            LIMIT,
            RETURN)) {
      assertIsRefused(lock);
      lock.hold();
    }
  }

  @Test
  void aFileThatIsGoneMeanwhileIsNoLockEither() throws Exception {
    try (var lock =
        new VolumeLock(
            pgData,
            root.resolve("one"),
            channel -> {
              Files.delete(file);
              return channel.tryLock() != null;
            },
            LIMIT,
            RETURN)) {
      assertIsRefused(lock);
    }
  }

  /// It does not keep a Cluster down for ever.
  @Test
  void aVolumeThatCannotBeLockedIsUsedWithout() throws Exception {
    Files.createDirectories(file);
    try (var lock = pod("another")) {
      lock.hold();
    }
  }

  /// ENOLCK, as of NFS without a lock daemon.
  @Test
  void aFileSystemWithoutLocksIsUsedWithoutAndNoFileStaysOpen() throws Exception {
    var asked = new AtomicInteger();
    var last = new FileChannel[1];
    try (var lock =
        new VolumeLock(
            pgData,
            root.resolve("one"),
            channel -> {
              asked.incrementAndGet();
              last[0] = channel;
              throw new IOException("No locks available");
            },
            LIMIT,
            RETURN)) {
      lock.hold();
      lock.hold();
    }
    assertThat(asked).hasValue(2);
    assertThat(last[0].isOpen()).isFalse();
  }

  /// NFS whose lock daemon cannot be reached.
  @Test
  void aFileSystemThatDoesNotAnswerIsAskedOnceAndUsedWithout() throws Exception {
    var asked = new AtomicInteger();
    var never = new CountDownLatch(1);
    try (var lock =
        new VolumeLock(
            pgData,
            root.resolve("one"),
            _ -> {
              asked.incrementAndGet();
              await(never);
              return false;
            },
            Duration.ofMillis(200),
            RETURN)) {
      lock.hold();
      lock.hold();
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

  @Test
  void aSidecarThatIsStartedAgainBesideARecoveryHoldsItFromItsStart() throws Exception {
    try (var again = pod("again")) {
      again.holdAgain();
      try (var other = pod("another")) {
        other.hold();
      }
      Files.createDirectories(pgData);
      Files.writeString(pgData.resolve("pgbackrest-plugin.restored"), "backup=1\n");

      again.holdAgain();
      try (var other = pod("another")) {
        assertIsRefused(other);
        other.holdAgain();
      }
    }
  }

  /// Another process that holds the lock until it is ended.
  private static final class Holder implements AutoCloseable {
    private final Process process;

    Holder(Path pgData) throws IOException {
      this(pgData, "held");
    }

    Holder(Path pgData, String expected) throws IOException {
      process =
          new ProcessBuilder(
                  List.of(
                      ProcessHandle.current().info().command().orElseThrow(),
                      "-cp",
                      System.getProperty("java.class.path"),
                      LockedProcess.class.getName(),
                      pgData.toString(),
                      pgData.resolveSibling("work-of-the-process").toString()))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      assertThat(lines().readLine()).isEqualTo(expected);
    }

    private BufferedReader lines() {
      return process.inputReader();
    }

    void signal(String name) throws Exception {
      assertThat(
              new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                  .start()
                  .waitFor())
          .isZero();
    }

    /// As the kernel does where memory is short.
    void kill() throws Exception {
      signal("KILL");
      awaitEnd();
    }

    void awaitEnd() throws InterruptedException {
      var _ = process.waitFor();
    }

    /// As Kubernetes does.
    void end() throws Exception {
      signal("TERM");
      awaitEnd();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }
}
