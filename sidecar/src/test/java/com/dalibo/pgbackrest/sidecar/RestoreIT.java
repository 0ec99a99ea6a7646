package com.dalibo.pgbackrest.sidecar;

import static com.dalibo.pgbackrest.sidecar.HistoryStage.HOT;
import static com.dalibo.pgbackrest.sidecar.HistoryStage.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.stanza.contract.CopiedBackup;
import java.nio.file.Path;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Restores to every kind of target, and with a repository that is down.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(900)
class RestoreIT {
  @TempDir static Path directory;

  @RegisterExtension static final HistoryStage stage = new HistoryStage(() -> directory);

  @Test
  @Order(1)
  void theLatestStateHasAllRowsAndKeepsSettingsButNotThoseOfRecovery() throws Exception {
    try (var restored = stage.restore("", "tablespaces: [{name: hot}], walStorage: {size: 1Gi}")) {
      assertThat(restored.rows()).isEqualTo("1,2,3,4");
      assertThat(restored.postgres.value("show work_mem")).isEqualTo("7MB");
      assertThat(restored.postgres.value("show restore_command")).isEmpty();
      assertThat(restored.pod.pgData().resolve("pg_wal")).isSymbolicLink();
      assertThat(restored.pod.pgData().resolve("pg_wal").toRealPath())
          .isEqualTo(restored.pod.directory().toRealPath().resolve("wal/pg_wal"));
    }
  }

  @Test
  @Order(1)
  void aTimeWrittenAsRfc3339EndsBeforeTheMistake() throws Exception {
    try (var restored = stage.restore("targetTime: '%s'".formatted(stage.time), HOT)) {
      assertThat(restored.rows()).isEqualTo("1,2");
    }
  }

  @Test
  @Order(1)
  void aTimeWithoutAZoneIsUtcWhateverZoneTheUserGivesTheCluster() throws Exception {
    var zoneless = stage.time.replace("T", " ").replace("Z", "");
    try (var restored = stage.prepare("targetTime: '%s'".formatted(zoneless), HOT)) {
      restored.postgres.set("timezone", "Pacific/Auckland");
      restored.job.run();
      restored.postgres.start();

      assertThat(restored.rows()).isEqualTo("1,2");
    }
  }

  @Test
  @Order(1)
  void anLsnEndsBeforeTheMistake() throws Exception {
    try (var restored = stage.restore("targetLSN: '%s'".formatted(stage.lsn), HOT)) {
      assertThat(restored.rows()).isEqualTo("1,2");
    }
  }

  @Test
  @Order(1)
  void aRestorePointEndsBeforeTheMistake() throws Exception {
    var target = "targetName: before, backupID: " + stage.first.getBackupId();
    try (var restored = stage.restore(target, HOT)) {
      assertThat(restored.rows()).isEqualTo("1,2");
    }
  }

  @Test
  @Order(1)
  void aTransactionCanBeLeftOut() throws Exception {
    var target =
        "targetXID: '%s', exclusive: true, backupID: %s"
            .formatted(stage.xid, stage.first.getBackupId());
    try (var restored = stage.restore(target, HOT)) {
      assertThat(restored.rows()).isEqualTo("1,2");
    }
  }

  @Test
  @Order(1)
  void immediateEndsWithTheNamedBackup() throws Exception {
    var target = "targetImmediate: true, backupID: " + stage.first.getBackupId();
    try (var restored = stage.restore(target, HOT)) {
      assertThat(restored.rows()).isEqualTo("1");
    }
  }

  @Test
  @Order(2)
  void aRestorePointWithoutBackupIsRefusedNamingThoseThereAre() {
    assertThatThrownBy(() -> stage.restore("targetName: before", HOT))
        .hasMessageContaining("name the backup to start from")
        .hasMessageContaining(stage.first.getBackupId());
  }

  @Test
  @Order(2)
  void aBackupThatDoesNotExistIsRefusedNamingThoseThereAre() throws Exception {
    assertThatThrownBy(() -> stage.restore("backupID: 20200101-000000F", HOT))
        .hasMessageContaining("has no backup '20200101-000000F'; it has")
        .hasMessageContaining(stage.first.getBackupId())
        .hasMessageContaining(stage.second.getBackupId());
    Eventually.until(
        "an event on the Cluster says why the restore failed",
        () ->
            stage.api.events().stream()
                .map(Object::toString)
                .anyMatch(
                    event ->
                        event.contains("RestoreFailed")
                            && event.contains("has no backup '20200101-000000F'")));
  }

  @Test
  @Order(2)
  void aTimeBeforeTheFirstBackupIsRefusedNamingTheEarliest() {
    assertThatThrownBy(() -> stage.restore("targetTime: '2020-01-01T00:00:00Z'", HOT))
        .hasMessageContaining("the earliest time that can be restored is 20");
  }

  @Test
  @Order(2)
  void aTablespaceWithoutVolumeIsRefusedBeforeDataIsCopied() {
    assertThatThrownBy(() -> stage.restore("", "instances: 1"))
        .hasMessageContaining("has the tablespace 'hot'")
        .hasMessageContaining("add it to spec.tablespaces");
  }

  @Test
  @Order(3)
  void aRepositoryThatIsDownLeavesTheChoiceToTheOther() throws Exception {
    try (var restored = stage.prepare("", HOT)) {
      stage.s3.faults().breakBucket("two");
      restored.job.restore();
      // While a repository is silent nobody can say where the WAL ends.
      stage.s3.faults().heal();
      restored.job.recover();
      restored.postgres.start();

      assertThat(restored.rows()).isEqualTo("1,2,3,4");
    }
  }

  /// The newest backup, and all WAL, is in the other repository too.
  @Test
  @Order(3)
  void aRecoveryFromOneRepositoryAsksNoOther() throws Exception {
    try (var restored = stage.prepare("", HOT, ", selectedRepository: '1'")) {
      stage.s3.faults().breakBucket("two");
      restored.job.run();
      restored.postgres.start();

      assertThat(restored.rows()).isEqualTo("1,2,3,4");
      Eventually.until(
          "an event on the Cluster says what was copied",
          () ->
              stage.api.events().stream()
                  .filter(event -> event.toString().contains(restored.cluster.name()))
                  .flatMap(event -> CopiedBackup.parse(event.get("message").getAsString()).stream())
                  .anyMatch(
                      copied ->
                          copied.label().equals(stage.first.getBackupId())
                              && copied.repository().equals("1")));
    } finally {
      stage.s3.faults().heal();
    }
  }

  @Test
  @Order(4)
  void aRecoveryWithoutItsSidecarWaitsAndThenGoesOnToTheEnd() throws Exception {
    try (var restored = stage.prepare("", HOT)) {
      restored.job.restore();
      restored.stopSidecar();
      restored.postgres.launch();
      Thread.sleep(6_000);
      assertThat(restored.postgres.isRunning()).isTrue();
      assertThat(restored.pod.pgData().resolve("recovery.signal")).exists();

      restored.startSidecar();
      restored.postgres.waitForPromotion(SOON);

      assertThat(restored.rows()).isEqualTo("1,2,3,4");
    }
  }
}
