package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.testbed.postgres.PostgresInstallation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The sidecar, or pgBackRest below it, ends in the middle of its work.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
class KilledIT {
  private static final int MAJOR = PostgresInstallation.NEWEST;
  @TempDir static Path directory;
  private TestCluster datacenter;
  private Instance primary;
  private int restores;

  @BeforeAll
  void begin() {
    datacenter = new TestCluster(directory, "repo");
    datacenter.stanza("s", "processMax: 2,", datacenter.repository("repo", "/r", "bundle: true,"));
    primary =
        Instance.archiving(datacenter, TestCluster.archiving("c", "s"), MAJOR, "--wal-segsize=1");
    primary.postgres.execute("create table t (n int)");
    primary.backup("backupType: full");
  }

  @AfterEach
  void heal() {
    datacenter.s3.faults().heal();
  }

  @AfterAll
  void end() {
    primary.close();
    datacenter.close();
  }

  @Test
  void aSidecarKilledWhileItArchivesLosesNoSegment() throws Exception {
    for (var kill = 0; kill < 3; kill++) {
      datacenter.s3.faults().holdWhere(KilledIT::writesWal);
      primary.postgres.execute("insert into t values (1)");
      var segment = primary.postgres.switchWal();
      Eventually.until("a segment is on its way", () -> datacenter.s3.faults().held() > 0);
      primary.sidecar().kill();
      datacenter.s3.faults().heal();
      primary.startSidecar();
      primary.postgres.waitForArchived(segment, Eventually.PATIENCE);
    }

    assertNoGap();
    assertRecoveredWhole();
  }

  @Test
  void aSidecarKilledInARecoveryDelaysItAndNeverEndsIt() throws Exception {
    for (var n = 0; n < 12; n++) {
      primary.postgres.execute("insert into t values (2)");
      var _ = primary.postgres.switchWal();
    }
    primary.archiveAll();
    try (var restored = recovery()) {
      restored.job().restore();
      restored.postgres.launch();
      for (var kill = 1; kill <= 2; kill++) {
        datacenter
            .s3
            .faults()
            .holdWhere(request -> request.startsWith("GET ") && request.contains("/archive/"));
        Eventually.until("a fetch is on its way", () -> datacenter.s3.faults().held() > 0);
        restored.sidecar().kill();
        datacenter.s3.faults().heal();
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

      assertThat(rows(restored)).isEqualTo(rows(primary));
    }
  }

  @Test
  void aPushWhoseProgramWasKilledFailsAndTheNextOneWorks() throws Exception {
    datacenter.s3.faults().holdWhere(KilledIT::writesWal);
    primary.postgres.execute("insert into t values (3)");
    var errors = primary.manager.archiveErrors().size();
    var segment = primary.postgres.switchWal();
    Eventually.until("the segment is on its way", () -> datacenter.s3.faults().held() > 0);

    primary.programs().forEach(ProcessHandle::destroyForcibly);
    Eventually.until("PostgreSQL is told", () -> primary.manager.archiveErrors().size() > errors);
    datacenter.s3.faults().heal();
    primary.postgres.waitForArchived(segment, Eventually.PATIENCE);

    assertThat(primary.manager.archiveErrors().get(errors))
        .contains("UNAVAILABLE")
        .contains(segment)
        .contains("PostgreSQL keeps it and retries");
    assertNoGap();
    Eventually.until("no program is left", () -> primary.programs().isEmpty());
  }

  @Test
  void aBackupWhoseProgramWasKilledFailsAndTheNextOneWorks() throws Exception {
    datacenter.s3.faults().holdWhere(KilledIT::writesBackup);
    var first = CompletableFuture.supplyAsync(() -> primary.backup("backupType: full"));
    Eventually.until("the backup is being written", () -> datacenter.s3.faults().held() > 0);

    primary.programs().stream()
        .filter(
            program ->
                program
                    .parent()
                    .map(ProcessHandle::pid)
                    .equals(Optional.of(primary.sidecar().pid())))
        .forEach(ProcessHandle::destroyForcibly);
    assertThatThrownBy(() -> first.get(Eventually.PATIENCE.toSeconds(), TimeUnit.SECONDS))
        .hasMessageContaining("UNAVAILABLE")
        .hasMessageContaining("backup 'b' of cluster 'c' in repository 1 of stanza 's' failed");
    Eventually.until("no program is left", () -> primary.programs().isEmpty());
    datacenter.s3.faults().heal();

    assertThat(primary.backup("backupType: full").getBackupId()).endsWith("F");
    Eventually.until("no program is left", () -> primary.programs().isEmpty());
  }

  @Test
  void aSidecarKilledInABackupSaysSoWhenItIsBack() throws Exception {
    datacenter.s3.faults().holdWhere(KilledIT::writesBackup);
    var cutOff = CompletableFuture.supplyAsync(() -> primary.backup("backupType: full"));
    Eventually.until("the backup is being written", () -> datacenter.s3.faults().held() > 0);

    primary.sidecar().kill();
    assertThatThrownBy(() -> cutOff.get(Eventually.PATIENCE.toSeconds(), TimeUnit.SECONDS))
        .hasMessageContaining("UNAVAILABLE");
    datacenter.s3.faults().heal();
    primary.startSidecar();

    var told = new UserView(datacenter.api);
    for (var kind : List.of("Backup", "Cluster")) {
      Eventually.until(
          "the end of the backup is told with its " + kind,
          () -> told.events(kind, "BackupFailed").stream().anyMatch(KilledIT::saysWhereToLook));
    }
    assertThat(primary.backup("backupType: full").getBackupId()).endsWith("F");
  }

  private static boolean saysWhereToLook(String message) {
    return message.startsWith(
            "backup 'b' was interrupted when the container pgbackrest-plugin of pod ")
        && message.contains("is in no repository: create a new Backup")
        && message.contains("under 'Last State' why the container ended");
  }

  @Test
  void aSidecarToldToStopFinishesTheSegmentInHand() throws Exception {
    datacenter.s3.faults().holdWhere(KilledIT::writesWal);
    var archived = primary.manager.archived().size();
    var errors = primary.manager.archiveErrors().size();
    primary.postgres.execute("insert into t values (4)");
    var segment = primary.postgres.switchWal();
    Eventually.until("the segment is on its way", () -> datacenter.s3.faults().held() > 0);

    primary.sidecar().signal();
    Eventually.until("the sidecar stops", () -> primary.sidecar().log().contains("\"stopping\""));
    datacenter.s3.faults().heal();
    var exit = primary.sidecar().terminate(Duration.ofSeconds(30));
    Eventually.until("the segment is archived", () -> primary.manager.archived().size() > archived);
    var afterwards = primary.manager.archiveErrors();
    primary.startSidecar();

    assertThat(exit).isIn(0, 143);
    assertThat(primary.manager.archived().get(archived)).isEqualTo(segment);
    assertThat(afterwards).hasSize(errors);
    assertNoGap();
  }

  private static boolean writesWal(String request) {
    return request.startsWith("PUT ") && request.matches(".*/archive/.*/[0-9A-F]{24}-.*");
  }

  private static boolean writesBackup(String request) {
    return request.startsWith("PUT ") && request.contains("/backup/main/2");
  }

  private void assertNoGap() {
    var segments = datacenter.segments("repo", "/r");
    assertThat(segments).doesNotHaveDuplicates();
    var first = Long.parseLong(segments.getFirst().substring(16), 16);
    var last = Long.parseLong(segments.getLast().substring(16), 16);
    assertThat(segments).hasSize((int) (last - first + 1));
  }

  private void assertRecoveredWhole() {
    try (var restored = recovery().recovered()) {
      assertThat(rows(restored)).isEqualTo(rows(primary));
    }
  }

  private Instance recovery() {
    return Instance.recovery(
        datacenter, TestCluster.recovering("r" + ++restores, "s", "", ""), MAJOR);
  }

  private static String rows(Instance instance) {
    return instance.postgres.value("select count(*) || ' ' || coalesce(sum(n), 0) from t");
  }
}
