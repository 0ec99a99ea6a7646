package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// The sidecar, or pgBackRest below it, ends in the middle of its work.
@Timeout(600)
class KilledIT {
  @TempDir static Path directory;

  @RegisterExtension static final PrimaryStage stage = new PrimaryStage(() -> directory);

  @Test
  void aSidecarKilledWhileItArchivesLosesNoSegment() throws Exception {
    for (var kill = 0; kill < 3; kill++) {
      stage.datacenter.s3.faults().holdWhere(KilledIT::writesWal);
      stage.primary.postgres.execute("insert into t values (1)");
      var segment = stage.primary.postgres.switchWal();
      Eventually.until("a segment is on its way", () -> stage.datacenter.s3.faults().held() > 0);
      stage.primary.sidecar().kill();
      stage.datacenter.s3.faults().heal();
      stage.primary.startSidecar();
      stage.primary.postgres.waitForArchived(segment, Eventually.PATIENCE);
    }

    assertNoGap();
    assertRecoveredWhole();
  }

  @Test
  void aSidecarKilledInARecoveryDelaysItAndNeverEndsIt() throws Exception {
    stage.archive(12, 2);
    try (var restored = stage.recovery()) {
      restored.job().restore();
      restored.postgres.launch();
      for (var kill = 1; kill <= 2; kill++) {
        stage
            .datacenter
            .s3
            .faults()
            .holdWhere(request -> request.startsWith("GET ") && request.contains("/archive/"));
        Eventually.until("a fetch is on its way", () -> stage.datacenter.s3.faults().held() > 0);
        restored.sidecar().kill();
        stage.datacenter.s3.faults().heal();
        var failures = restored.manager.restoreErrors().size();
        Eventually.until(
            "PostgreSQL has asked three times in vain",
            () -> restored.manager.restoreErrors().size() >= failures + 3);
        assertThat(restored.postgres.isRunning()).isTrue();
        assertThat(restored.pod.pgData().resolve("recovery.signal")).exists();
        restored.startSidecar();
        var fetched = restored.manager.restored().size();
        Eventually.until(
            "recovery goes on", () -> restored.manager.restored().size() > fetched + 1);
      }
      restored.postgres.waitForPromotion(Eventually.PATIENCE);

      assertThat(PrimaryStage.rows(restored)).isEqualTo(PrimaryStage.rows(stage.primary));
    }
  }

  @Test
  void aPushWhoseProgramWasKilledFailsAndTheNextOneWorks() throws Exception {
    stage.datacenter.s3.faults().holdWhere(KilledIT::writesWal);
    stage.primary.postgres.execute("insert into t values (3)");
    var errors = stage.primary.manager.archiveErrors().size();
    var segment = stage.primary.postgres.switchWal();
    Eventually.until("the segment is on its way", () -> stage.datacenter.s3.faults().held() > 0);

    stage.primary.programs().forEach(ProcessHandle::destroyForcibly);
    Eventually.until(
        "PostgreSQL is told", () -> stage.primary.manager.archiveErrors().size() > errors);
    stage.datacenter.s3.faults().heal();
    stage.primary.postgres.waitForArchived(segment, Eventually.PATIENCE);

    assertThat(stage.primary.manager.archiveErrors().get(errors))
        .contains("UNAVAILABLE")
        .contains(segment)
        .contains("PostgreSQL keeps it and retries");
    assertNoGap();
    Eventually.until("no program is left", () -> stage.primary.programs().isEmpty());
  }

  @Test
  void aBackupWhoseProgramWasKilledFailsAndTheNextOneWorks() throws Exception {
    stage.datacenter.s3.faults().holdWhere(KilledIT::writesBackup);
    var first = CompletableFuture.supplyAsync(() -> stage.primary.backup("backupType: full"));
    Eventually.until("the backup is being written", () -> stage.datacenter.s3.faults().held() > 0);

    stage.primary.programs().stream()
        .filter(
            program ->
                program
                    .parent()
                    .map(ProcessHandle::pid)
                    .equals(Optional.of(stage.primary.sidecar().pid())))
        .forEach(ProcessHandle::destroyForcibly);
    assertThatThrownBy(() -> first.get(Eventually.PATIENCE.toSeconds(), TimeUnit.SECONDS))
        .hasMessageContaining("UNAVAILABLE")
        .hasMessageContaining("backup 'b' of cluster 'c' in repository 1 of stanza 's' failed");
    Eventually.until("no program is left", () -> stage.primary.programs().isEmpty());
    stage.datacenter.s3.faults().heal();

    assertThat(stage.primary.backup("backupType: full").getBackupId()).endsWith("F");
    Eventually.until("no program is left", () -> stage.primary.programs().isEmpty());
  }

  @Test
  void aSidecarKilledInABackupSaysSoWhenItIsBack() throws Exception {
    stage.datacenter.s3.faults().holdWhere(KilledIT::writesBackup);
    var cutOff = CompletableFuture.supplyAsync(() -> stage.primary.backup("backupType: full"));
    Eventually.until("the backup is being written", () -> stage.datacenter.s3.faults().held() > 0);

    stage.primary.sidecar().kill();
    assertThatThrownBy(() -> cutOff.get(Eventually.PATIENCE.toSeconds(), TimeUnit.SECONDS))
        .hasMessageContaining("UNAVAILABLE");
    stage.datacenter.s3.faults().heal();
    stage.primary.startSidecar();

    var told = new UserView(stage.datacenter.api);
    for (var kind : List.of("Backup", "Cluster")) {
      Eventually.until(
          "the end of the backup is told with its " + kind,
          () -> told.events(kind, "BackupFailed").stream().anyMatch(KilledIT::saysWhereToLook));
    }
    assertThat(stage.primary.backup("backupType: full").getBackupId()).endsWith("F");
  }

  private static boolean saysWhereToLook(String message) {
    return message.startsWith(
            "backup 'b' was interrupted when the container pgbackrest-plugin of pod ")
        && message.contains("is in no repository: create a new Backup")
        && message.contains("under 'Last State' why the container ended");
  }

  @Test
  void aSidecarToldToStopFinishesTheSegmentInHand() throws Exception {
    stage.datacenter.s3.faults().holdWhere(KilledIT::writesWal);
    var archived = stage.primary.manager.archived().size();
    var errors = stage.primary.manager.archiveErrors().size();
    stage.primary.postgres.execute("insert into t values (4)");
    var segment = stage.primary.postgres.switchWal();
    Eventually.until("the segment is on its way", () -> stage.datacenter.s3.faults().held() > 0);

    stage.primary.sidecar().signal();
    Eventually.until(
        "the sidecar stops", () -> stage.primary.sidecar().log().contains("\"stopping\""));
    stage.datacenter.s3.faults().heal();
    var exit = stage.primary.sidecar().terminate(Duration.ofSeconds(30));
    Eventually.until(
        "the segment is archived", () -> stage.primary.manager.archived().size() > archived);
    var afterwards = stage.primary.manager.archiveErrors();
    stage.primary.startSidecar();

    assertThat(exit).isIn(0, 143);
    assertThat(stage.primary.manager.archived().get(archived)).isEqualTo(segment);
    assertThat(afterwards).hasSize(errors);
    assertNoGap();
  }

  private static boolean writesWal(String request) {
    return request.startsWith("PUT ") && request.matches(".*/archive/.*/[0-9A-F]{24}-.*");
  }

  private static boolean writesBackup(String request) {
    return request.startsWith("PUT ") && request.contains("/backup/main/2");
  }

  private static void assertNoGap() {
    var segments = stage.datacenter.segments("repo", "/r");
    assertThat(segments).doesNotHaveDuplicates();
    var first = Long.parseLong(segments.getFirst().substring(16), 16);
    var last = Long.parseLong(segments.getLast().substring(16), 16);
    assertThat(segments).hasSize((int) (last - first + 1));
  }

  private static void assertRecoveredWhole() {
    try (var restored = stage.recovery().recovered()) {
      assertThat(PrimaryStage.rows(restored)).isEqualTo(PrimaryStage.rows(stage.primary));
    }
  }
}
