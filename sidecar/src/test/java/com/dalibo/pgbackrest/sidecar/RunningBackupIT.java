package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Backups under way: how far they are, and how they are stopped by deleting their object.
@Timeout(300)
class RunningBackupIT {
  @TempDir private Path directory;
  @AutoClose private TestInstance stage;
  private BackupStage backups;
  private UserView told;

  @BeforeEach
  void begin() throws Exception {
    stage = new TestInstance(directory, TestInstance.archiving());
    stage.applyStanza("main", stage.twoRepositories());
    stage.allowSlowStorage();
    stage.keepHouse();
    stage.startPostgres();
    backups = new BackupStage(stage);
    told = new UserView(stage.api);
  }

  @Test
  void deletingTheObjectStopsTheBackupAndTheNextOneWorks() throws Exception {
    var call = backups.held("gone", "backupType: full");
    awaitLooks("gone", 2);

    stage.api.delete("backups", "default", "gone");

    assertThatThrownBy(() -> call.get(1, TimeUnit.MINUTES))
        .hasMessageContaining("CANCELLED")
        .hasMessageContaining(
            "backup 'gone' of cluster 'demo' was stopped because its Backup object was deleted; create a new Backup if needed");
    assertThat(backups.processes()).isEmpty();
    Eventually.until("it is told", () -> !told.events("Cluster", "BackupStopped").isEmpty());
    assertThat(told.events("Cluster", "BackupFailed")).isEmpty();
    stage.s3.faults().heal();
    assertThat(backups.take("next", "backupType: full").getBackupId()).endsWith("F");
  }

  @Test
  void whatCannotBeLookedAtIsNotStopped() throws Exception {
    var call = backups.held("kept", "backupType: full");
    awaitLooks("kept", 2);
    stage.api.forbid("/backups/kept");
    var looks = looks("kept");
    awaitLooks("kept", looks + 2);

    stage.s3.faults().heal();

    assertThat(call.get(2, TimeUnit.MINUTES).getBackupId()).endsWith("F");
  }

  @Test
  void aRunningBackupSaysHowFarItIs() throws Exception {
    var call = backups.held("slow", "backupType: full");
    Eventually.until(
        "it is in the status",
        () -> told.repository(1).filter(one -> one.runningBackup() != null).isPresent());

    var running = told.repository(1).orElseThrow().runningBackup();
    assertThat(running.size()).isGreaterThan(10_000_000);
    assertThat(running.completed()).isBetween(0L, running.size());
    assertThat(running.percent()).isBetween(0, 100);
    assertThat(told.repository(2).orElseThrow().runningBackup()).isNull();
    Eventually.until(
        "it is a metric", () -> metric("repository_running_backup_size_bytes") == running.size());

    stage.s3.faults().heal();
    call.get(2, TimeUnit.MINUTES);
    Eventually.until(
        "it is over",
        () ->
            told.repository(1)
                .filter(one -> one.lastBackup() != null && one.runningBackup() == null)
                .isPresent());
  }

  @Test
  void aRepositoryThatIsAddedMeanwhileGetsItsWalAtOnce() throws Exception {
    var call = backups.held("long", "backupType: full");

    stage.applyStanza("main", stage.twoRepositories() + stage.repository(stage.s3, "two"));
    Eventually.until(
        "its WAL is there",
        () -> {
          stage.postgres.execute("select pg_logical_emit_message(false, 'test', '')");
          var segment = stage.postgres.switchWal();
          stage.postgres.waitForArchived(segment, Eventually.PATIENCE);
          return stage.s3.keys("two").stream().anyMatch(key -> key.contains("/" + segment + "-"));
        });

    assertThat(call.isDone()).isFalse();
    stage.s3.faults().heal();
    assertThat(call.get(2, TimeUnit.MINUTES).getBackupId()).endsWith("F");
  }

  private double metric(String name) {
    return stage.manager.collectMetrics().stream()
        .filter(metric -> metric.getFqName().endsWith(name))
        .mapToDouble(metric -> metric.getValue())
        .findFirst()
        .orElse(-1);
  }

  /// The one before the last has been answered.
  private void awaitLooks(String name, int looks) throws Exception {
    Eventually.until("the object is looked at", () -> looks(name) >= looks);
  }

  private int looks(String name) {
    return (int)
        stage.api.requests().stream()
            .filter(request -> request.startsWith("GET ") && request.endsWith("/backups/" + name))
            .count();
  }
}
