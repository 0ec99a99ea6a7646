package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.testbed.cnpg.InstanceManager;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a backup takes of the memory of the sidecar, WAL does not, and however the backup ends, WAL
/// has it again. With 160Mi there is room for one process beside a backup, and without one for two
/// or more.
@Timeout(300)
class BackupMemoryIT {
  private static final int MEBIBYTES = 160;

  @TempDir private Path directory;
  @AutoClose private TestInstance stage;
  private BackupStage backups;
  private UserView told;
  private int alone;

  @BeforeEach
  void begin() throws Exception {
    stage = new TestInstance(directory, TestInstance.archiving());
    stage.applyStanza("main", stage.twoRepositories());
    stage.allowSlowStorage();
    stage.limitMemory(MEBIBYTES);
    stage.startPostgres();
    backups = new BackupStage(stage);
    told = new UserView(stage.api);
    alone = stage.walProcesses();
    assertThat(alone).isGreaterThan(1);
  }

  @AfterEach
  void heal() {
    stage.s3.faults().heal();
  }

  @Test
  void walHasItAgainAfterABackupAndArchivesBesideIt() throws Exception {
    var call = backups.held("b", "backupType: full");

    assertThat(stage.walProcesses()).isEqualTo(1);
    archivesOn();
    stage.s3.faults().heal();

    assertThat(call.get(2, TimeUnit.MINUTES).getBackupId()).endsWith("F");
    assertThat(stage.walProcesses()).isEqualTo(alone);
    assertThat(told.events("Backup")).noneMatch(event -> event.contains("BackupMemoryLow"));
  }

  @Test
  void walHasItAgainAfterABackupThatFails() throws Exception {
    stage.applyStanza("main", stage.twoRepositories());
    stage.s3.faults().failWhere(request -> request.contains("/bundle/"));

    assertThat(InstanceManager.failureOf(() -> backups.take("b", "backupType: full")))
        .contains("backup 'b' of cluster 'demo' in repository 1 of stanza 'main' failed");
    assertThat(stage.walProcesses()).isEqualTo(alone);
    stage.s3.faults().heal();
    archivesOn();
  }

  @Test
  void walHasItAgainAfterABackupWhoseProcessIsKilled() throws Exception {
    var call = backups.held("b", "backupType: full");
    assertThat(backups.processes()).isNotEmpty().allMatch(ProcessHandle::destroyForcibly);

    assertThatThrownBy(() -> call.get(2, TimeUnit.MINUTES)).hasMessageContaining("'b'");
    assertThat(stage.walProcesses()).isEqualTo(alone);
    archivesOn();
  }

  @Test
  void walHasItAgainAfterABackupThatHangsIsStoppedByItsTimeLimit() throws Exception {
    var call = backups.held("b", "backupType: full, timeout: '8'");
    assertThat(stage.walProcesses()).isEqualTo(1);

    assertThatThrownBy(() -> call.get(2, TimeUnit.MINUTES))
        .hasMessageContaining("was stopped after 8 s, its 'timeout'");
    assertThat(stage.walProcesses()).isEqualTo(alone);
    archivesOn();
  }

  @Test
  void walHasItAgainAfterABackupWhoseCallerIsGone() throws Exception {
    var call = backups.held("b", "backupType: full");

    assertThat(call.cancel(true)).isTrue();

    Eventually.until("WAL has it again", () -> stage.walProcesses() == alone);
    archivesOn();
  }

  @Test
  void aBackupForWhichTheLimitIsTooLowIsToldSoOnce() throws Exception {
    stage.limitMemory(64);
    var call = backups.held("b", "backupType: full");
    stage.s3.faults().heal();
    var _ = call.get(2, TimeUnit.MINUTES);

    Eventually.until(
        "it is told",
        () -> told.events("Backup").stream().anyMatch(event -> event.contains("BackupMemoryLow")));
    assertThat(told.events("Backup"))
        .filteredOn(event -> event.contains("BackupMemoryLow"))
        .singleElement()
        .asString()
        .matches(
            "Warning BackupMemoryLow the kernel may end this backup: its 1 process\\(es\\), for a database of"
                + " [0-9]+ MiB in [0-9]+ files, and Java and archiving beside it need up to 80Mi, and the"
                + " memory limit of the container pgbackrest-plugin of pod 'demo-1' is 64Mi; raise"
                + " resourcesRequirement\\.limits\\.memory in the PluginConfig of the cluster to 160Mi or"
                + " more, or create one where a LimitRange gives the limit");
  }

  private void archivesOn() {
    stage.postgres.execute("select pg_logical_emit_message(false, 'test', '')");
    stage.postgres.waitForArchived(stage.postgres.switchWal(), Eventually.PATIENCE);
  }
}
