package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.cnpgi.proto.backup.BackupGrpc;
import com.dalibo.pgbackrest.cnpgi.proto.backup.BackupResult;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import java.util.concurrent.Future;
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
  private UserView told;

  @BeforeEach
  void begin() throws Exception {
    stage = new TestInstance(directory, TestInstance.archiving());
    stage.applyStanza("main", stage.twoRepositories());
    stage.allowSlowStorage();
    stage.keepHouse();
    stage.startPostgres();
    told = new UserView(stage.api);
  }

  @Test
  void deletingTheObjectStopsTheBackupAndTheNextOneWorks() throws Exception {
    var call = held("gone");
    awaitLooks("gone", 2);

    stage.api.delete("backups", "default", "gone");

    assertThatThrownBy(() -> call.get(1, TimeUnit.MINUTES))
        .hasMessageContaining("CANCELLED")
        .hasMessageContaining(
            "backup 'gone' of cluster 'demo' was stopped because its Backup object was deleted; create a new Backup if needed");
    assertThat(pgBackRestRuns()).isFalse();
    Eventually.until("it is told", () -> !told.events("Cluster", "BackupStopped").isEmpty());
    assertThat(told.events("Cluster", "BackupFailed")).isEmpty();
    stage.s3.faults().heal();
    assertThat(stage.manager.backup(backup("next")).getBackupId()).endsWith("F");
  }

  @Test
  void whatCannotBeLookedAtIsNotStopped() throws Exception {
    var call = held("kept");
    awaitLooks("kept", 2);
    stage.api.forbid("/backups/kept");
    var looks = looks("kept");
    awaitLooks("kept", looks + 2);

    stage.s3.faults().heal();

    assertThat(call.get(2, TimeUnit.MINUTES).getBackupId()).endsWith("F");
  }

  @Test
  void aRunningBackupSaysHowFarItIs() throws Exception {
    var call = held("slow");
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
    var call = held("long");

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

  /// A backup whose first files are on their way to the store, and stay there.
  private Future<BackupResult> held(String name) throws Exception {
    var backup = backup(name);
    stage.api.apply(backup);
    stage
        .s3
        .faults()
        .holdWhere(request -> request.startsWith("PUT ") && request.contains("/bundle/"));
    var call =
        BackupGrpc.newFutureStub(stage.manager.channel())
            .backup(stage.manager.backupRequest(backup));
    Eventually.until("it is being written", () -> stage.s3.faults().held() > 0);
    return call;
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

  private boolean pgBackRestRuns() {
    return ProcessHandle.allProcesses()
        .map(process -> process.info().commandLine().orElse(""))
        .anyMatch(line -> line.contains(" backup ") && line.contains(directory.toString()));
  }

  private static JsonObject backup(String name) {
    return JsonParser.parseString(
            """
            {apiVersion: 'postgresql.cnpg.io/v1', kind: Backup, metadata: {name: %1$s, uid: uid-%1$s},
             spec: {method: plugin, cluster: {name: demo},
              pluginConfiguration: {name: 'pgbackrest.dalibo.com', parameters: {backupType: full}}}}
            """
                .formatted(name))
        .getAsJsonObject();
  }
}
