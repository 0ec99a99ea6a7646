package com.dalibo.pgbackrest.sidecar.restore;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.sidecar.Eventually;
import com.dalibo.pgbackrest.stanza.rendering.UnavailableException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Which pod holds a volume, and when the next one may.
@Timeout(60)
class VolumeLockTest {
  @TempDir private Path root;
  private LockedVolume volume;

  @BeforeEach
  void mount() {
    volume = new LockedVolume(root);
  }

  @Test
  void oneAtATimeHoldsItAndNothingOfItStays() throws Exception {
    try (var second = volume.pod("second")) {
      try (var first = volume.pod("first")) {
        first.hold();
        first.hold();

        volume.assertIsRefused(second);
      }
      second.hold();
    }
    assertThat(volume.file()).doesNotExist();
  }

  @Test
  void aKilledProcessReleasesItAfterTheTimeInWhichItMayBeStartedAgain() throws Exception {
    try (var other = new LockedProcess(volume.pgData());
        var lock = volume.pod("another")) {
      volume.assertIsRefused(lock);
      other.kill();
      volume.assertIsToldToWait(lock);
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
    assertThat(volume.file()).doesNotExist();
  }

  /// The pod after it has moved the data directory away meanwhile.
  @Test
  void aKilledProcessThatIsStartedAgainHoldsItBeforeThePodAfterIt() throws Exception {
    try (var lock = volume.pod("another")) {
      try (var killed = new LockedProcess(volume.pgData())) {
        killed.kill();
      }
      volume.assertIsToldToWait(lock);
      try (var again = new LockedProcess(volume.pgData())) {
        Thread.sleep(LockedVolume.RETURN);
        volume.assertIsRefused(lock);
        again.kill();
      }
      volume.assertIsToldToWait(lock);
      lock.holdAgain();
      volume.assertIsToldToWait(lock);
    }
  }

  /// It may go on, and write.
  @Test
  void aProcessThatHangsKeepsIt() throws Exception {
    try (var other = new LockedProcess(volume.pgData());
        var lock = volume.pod("another")) {
      other.signal("STOP");
      volume.assertIsRefused(lock);
      other.signal("CONT");
      other.signal("TERM");
      other.awaitEnd();

      lock.hold();
    }
  }

  @Test
  void whatItsRemedySaysLetsTheNextPodRestoreAndTheOneBeforeRemovesNothingOfIt() throws Exception {
    try (var other = new LockedProcess(volume.pgData());
        var lock = volume.pod("another")) {
      other.signal("STOP");
      Files.delete(volume.file());
      lock.hold();
      other.signal("CONT");
      other.end();

      assertThat(volume.file()).exists();
      try (var _ = new LockedProcess(volume.pgData(), "refused")) {
        assertThat(volume.file()).exists();
      }
    }
    assertThat(volume.file()).doesNotExist();
  }

  @Test
  void aSidecarThatIsStartedAgainBesideARecoveryHoldsItFromItsStart() throws Exception {
    try (var again = volume.pod("again")) {
      again.holdAgain();
      try (var other = volume.pod("another")) {
        other.hold();
      }
      Files.createDirectories(volume.pgData());
      Files.writeString(volume.pgData().resolve("pgbackrest-plugin.restored"), "backup=1\n");

      again.holdAgain();
      try (var other = volume.pod("another")) {
        volume.assertIsRefused(other);
        other.holdAgain();
      }
    }
  }
}
