package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// How far the WAL of a Stanza is known to reach, and where it has gaps.
@Timeout(300)
class RecoveryWindowIT {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @TempDir private Path directory;
  @AutoClose private TestInstance stage;
  private UserView told;

  @BeforeEach
  void begin() throws Exception {
    stage = TestInstance.keepingHouse(directory, TestInstance.archiving());
    told = new UserView(stage.api);
  }

  @Test
  void walThatWaitsForARepositoryInTroubleIsNoGapInAnother() throws Exception {
    stage.backup("backupType: full");
    told.await("Ready", "True", "Ready");
    stage.otherS3.refuse();
    for (var n = 0; n < 3; n++) {
      stage.postgres.execute("create table held" + n + " (n int)");
      var _ = stage.postgres.switchWal();
    }

    var second = stage.backup("backupType: full");
    Eventually.until(
        "the backup is known",
        () -> second.getBackupId().equals(told.repository(1).orElseThrow().lastBackup().label()));
    // Gaps are looked for every other second here.
    Thread.sleep(6000);
    assertThat(told.repository(1).orElseThrow().walGaps()).isEmpty();
    assertThat(told.events("Stanza")).noneMatch(words -> words.contains("WALGap"));

    stage.otherS3.accept();
    stage.postgres.waitForArchived(second.getEndWal(), MINUTE.multipliedBy(2));
    told.await("Ready", "True", "Ready");
    assertThat(told.repository(1).orElseThrow().walGaps()).isEmpty();
  }

  @Test
  void theLatestRestorableTimeFollowsTheArchive() throws Exception {
    stage.backup("backupType: full");
    told.await("Ready", "True", "Ready");
    var before = told.written().latestRestorableTime();

    Thread.sleep(1100);
    stage.postgres.execute("create table later (n int)");
    var written = Instant.now();
    stage.postgres.waitForArchived(stage.postgres.switchWal(), MINUTE);

    Eventually.until(
        "the time moves",
        () ->
            !Instant.parse(told.written().latestRestorableTime())
                .isBefore(written.minusSeconds(1)));
    assertThat(Instant.parse(told.written().latestRestorableTime()))
        .isAfter(Instant.parse(before))
        .isBeforeOrEqualTo(Instant.now());
  }

  @Test
  void missingWalIsSaidWithItsNames() throws Exception {
    stage.backup("backupType: full");
    var lost = stage.postgres.switchWal();
    stage.postgres.waitForArchived(lost, MINUTE);
    stage.postgres.execute("create table more (n int)");
    stage.postgres.waitForArchived(stage.postgres.switchWal(), MINUTE);
    told.await("Ready", "True", "Ready");

    stage.s3.keys("one").stream()
        .filter(key -> key.contains(lost + "-"))
        .forEach(key -> stage.s3.delete("one", key));
    told.await("Ready", "False", "WALGap");

    assertThat(told.repository(1).orElseThrow().walGaps()).containsExactly(lost);
    assertThat(told.message("Ready"))
        .isEqualTo(
            "repository 1 lacks WAL %s: recovery cannot pass it; take a new backup"
                .formatted(lost));
    assertThat(told.repository(1).orElseThrow().latestRestorableTime())
        .isEqualTo(told.written().lastBackupTime());

    stage.backup("backupType: incr");
    told.await("Ready", "True", "Ready");

    assertThat(told.repository(1).orElseThrow().walGaps()).containsExactly(lost);
    assertThat(told.message("Ready"))
        .contains("recovery from older backups cannot pass the gaps in 'walGaps'")
        .contains("repository 2 has no backup to restore from");
  }
}
