package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.testbed.cnpg.InstanceManager;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Backups that are cut short, asked for again, or cannot be taken.
@Timeout(300)
class BackupServiceIT {
  private static final Duration SLOWLY = Duration.ofMillis(500);

  @TempDir private Path directory;
  @AutoClose private TestInstance stage;
  private BackupStage backups;

  @BeforeEach
  void begin() throws Exception {
    stage = new TestInstance(directory, TestInstance.archiving());
    stage.applyStanza("main", stage.twoRepositories());
    stage.startPostgres();
    backups = new BackupStage(stage);
  }

  @Test
  void aBackupThatNobodyWaitsForIsStoppedAndTheNextOneWorks() throws Exception {
    stage.s3.faults().delay(SLOWLY);
    var call = backups.begin("b1", "backupType: full");
    await(() -> !backups.processes().isEmpty());

    call.cancel(true);

    await(() -> backups.processes().isEmpty());
    stage.s3.faults().heal();
    assertThat(backups.take("b2", "backupType: full").getBackupId()).endsWith("F");
    assertThat(backups.take("b1", "backupType: incr").getBackupId()).endsWith("I");
  }

  @Test
  void aBackupThatTakesLongerThanItMayIsStoppedAndTheNextOneWorks() {
    stage.s3.faults().delay(SLOWLY);

    assertThatThrownBy(() -> backups.take("b1", "backupType: full, timeout: 5s"))
        .hasMessageContaining("DEADLINE_EXCEEDED")
        .hasMessageContaining("backup 'b1' of cluster 'demo' was stopped after 5 s");
    assertThat(backups.processes()).isEmpty();
    stage.s3.faults().heal();
    assertThat(backups.take("b2", "backupType: full").getBackupId()).endsWith("F");
  }

  @Test
  void aBackupThatWasMadeWhenTheCallerLeftIsTheAnswerWhenItAsksAgain() throws Exception {
    stage.postgres.set("archive_command", "false").reload();
    var call = backups.begin("b1", "backupType: full");
    // Written last, so the backup is there, and only its WAL is missing.
    await(() -> stage.s3.keys("one").stream().anyMatch(key -> key.endsWith("F/backup.manifest")));
    await(() -> backups.processes().isEmpty());

    call.cancel(true);
    stage.postgres.set("archive_command", stage.manager.archiveCommand()).reload();
    var result = backups.take("b1", "backupType: full");

    assertThat(
            stage.s3.keys("one").stream().filter(key -> key.endsWith("F/backup.manifest")).toList())
        .singleElement()
        .asString()
        .contains(result.getBackupId());
    stage.otherS3.refuse();
    assertThat(backups.take("b1", "backupType: full").getBackupId())
        .isEqualTo(result.getBackupId());
  }

  @Test
  void aBackupIntoAHealthyRepositoryIsWholeWhileAnotherIsDown() throws Exception {
    stage.postgres.waitForArchived(stage.postgres.switchWal(), Duration.ofMinutes(1));
    stage.otherS3.refuse();
    // Archiving does not get past this segment.
    stage.postgres.execute("create table t (n int)");
    var held = stage.postgres.switchWal();

    var result = backups.take("b1", "backupType: full");

    assertThat(result.getBeginWal()).isGreaterThan(held);
    assertThat(stage.s3.keys("one"))
        .anyMatch(key -> key.contains(result.getBeginWal() + "-"))
        .anyMatch(key -> key.contains(result.getEndWal() + "-"));
    stage.otherS3.accept();
    stage.postgres.waitForArchived(result.getEndWal(), Duration.ofMinutes(2));
    assertThat(stage.otherS3.keys("two")).anyMatch(key -> key.contains(result.getEndWal() + "-"));
  }

  @Test
  void whatCannotBeTakenIsRefusedWithTheRemedy() {
    assertThatThrownBy(() -> backups.take("b1", "backupType: full, type: full"))
        .hasMessageContaining("INVALID_ARGUMENT")
        .hasMessageContaining("unknown parameter 'type' of the Backup; known are backupType,");
    assertThatThrownBy(() -> backups.take("b1", "backupType: full, selectedRepository: '7'"))
        .hasMessageContaining("FAILED_PRECONDITION")
        .hasMessageContaining("has no repository '7'; choose one of 1, 2");

    stage.cluster.primary("demo-2");
    assertThatThrownBy(() -> backups.take("b1", "backupType: full"))
        .hasMessageContaining("FAILED_PRECONDITION")
        .hasMessageContaining(
            "instance 'demo-1' is not in recovery, though the primary of cluster 'demo' is 'demo-2'")
        .hasMessageContaining("create a new Backup when the Cluster is ready");
  }

  @Test
  void backupsAreToldOnTheirObjects() throws Exception {
    var told = new UserView(stage.api);
    var backup = stage.backup("backupType: full");
    stage.s3.refuse();
    var failure = InstanceManager.failureOf(() -> stage.backup("backupType: incr"));

    assertThat(failure).contains("HostConnectError");
    Eventually.until("both are told", () -> told.events("Backup").size() == 2);
    assertThat(told.events("Backup"))
        .contains(
            "Normal BackupCompleted backup '%s' can be restored: it is in the repository with all WAL it needs"
                .formatted(backup.getBackupId()))
        .anyMatch(event -> event.startsWith("Warning BackupFailed "));
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    var end = Instant.now().plusSeconds(60);
    while (!condition.getAsBoolean()) {
      assertThat(Instant.now()).isBefore(end);
      Thread.sleep(100);
    }
  }
}
