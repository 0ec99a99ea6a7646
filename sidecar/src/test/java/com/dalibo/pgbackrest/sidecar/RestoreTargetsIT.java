package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.testbed.cnpg.CnpgVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Which targets a restore refuses, and where recoveries to others end.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(600)
class RestoreTargetsIT {
  @TempDir static Path directory;

  @RegisterExtension static final RestoreStage stage = new RestoreStage(() -> directory);

  @Test
  @Order(1)
  void aTimeAfterTheLastTransactionUntilWhichEverythingIsArchivedIsTheEnd() throws Exception {
    for (var exclusive : new boolean[] {false, true}) {
      var target = "targetTime: '%s', exclusive: %s".formatted(stage.archivedUntil, exclusive);
      try (var restored = stage.restored("known", "instances: 1", target)) {
        restored.job.run();
        // What is archived from now on may be later than the target.
        assertThat(Files.readString(restored.pod.pgData().resolve("pgbackrest-plugin.restored")))
            .contains("stop=" + stage.last.substring(0, 8));
        restored.postgres.start();

        assertThat(restored.rows()).isEqualTo("1,2,3");
      }
    }
  }

  @Test
  @Order(1)
  void aTargetBeyondTheArchiveIsRefusedBeforeTheCopy() throws Exception {
    var late = stage.archivedUntil.plusSeconds(600);
    try (var restored = stage.restored("known", "instances: 1", "targetTime: '" + late + "'")) {
      assertThatThrownBy(restored.job::restore)
          .hasMessageContaining("FAILED_PRECONDITION")
          .hasMessageContaining("the newest WAL segment '" + stage.last + "' was archived at 20")
          .hasMessageContaining("nothing shows that stanza 'known' has everything until then")
          .hasMessageContaining("Set recoveryTarget.targetTime to '" + day(stage.archivedUntil))
          .hasMessageContaining("or remove it to recover everything that is archived");
      assertThat(restored.pod.pgData()).doesNotExist();
      Eventually.until(
          "it is told",
          () ->
              new UserView(stage.api)
                  .events("Cluster", "RecoveryTargetUnreachable").stream()
                      .anyMatch(words -> words.startsWith("the recovery cannot reach time ")));
    }
    try (var restored = stage.restored("main", "instances: 1", "targetLSN: '7F/0'")) {
      assertThatThrownBy(restored.job::restore)
          .hasMessageContaining("the recovery cannot reach LSN 7F/0: the WAL in stanza 'main' ends")
          .hasMessageContaining("with segment '" + stage.last + "', at LSN 0/")
          .hasMessageContaining("Set recoveryTarget.targetLSN to 0/");
      assertThat(restored.pod.pgData()).doesNotExist();
    }
  }

  @Test
  @Order(1)
  void aTimeUntilWhichNothingShowsThatAllIsArchivedIsRefusedAndNothingCopiedTwice()
      throws Exception {
    var target = "targetTime: '" + stage.afterTheLastRow + "'";
    try (var restored = stage.restored("main", "instances: 1", target)) {
      assertUnreachable(restored);
      var file = restored.file("global/pg_filenode.map");
      assertUnreachable(restored);
      restored.cluster.recoveryTarget("{backupID: ''}");

      restored.job.run();
      restored.postgres.start();

      assertThat(restored.rows()).isEqualTo("1,2,3");
      assertThat(restored.file("global/pg_filenode.map")).isEqualTo(file);
    }
  }

  private void assertUnreachable(Restored restored) {
    assertThatThrownBy(restored.job::restore)
        .hasMessageContaining("FAILED_PRECONDITION")
        .hasMessageContaining(
            "the recovery cannot reach time " + stage.afterTheLastRow.substring(0, 19))
        .hasMessageContaining(
            "the last transaction in the archived WAL, in segment '"
                + stage.last
                + "', ended at 20")
        .hasMessageContaining("; the next try continues with what has been copied");
  }

  @Test
  @Order(1)
  void aTransactionThatIsNotReachedIsLookedForTwiceOnOneCopy() throws Exception {
    var target = "targetXID: '999999', backupID: " + stage.full.getBackupId();
    try (var restored = stage.restored("main", "walStorage: {size: 1Gi}", target)) {
      for (var tries = 0; tries < 2; tries++) {
        restored.job.restore();
        restored.postgres.launch();
        assertThat(restored.postgres.waitForExit()).isNotZero();
      }
      var file = restored.file("global/pg_filenode.map");

      assertThatThrownBy(restored.job::restore)
          .hasMessageContaining("FAILED_PRECONDITION")
          .hasMessageContaining(
              "the recovery from backup '%s' came to the end of the archived WAL without reaching transaction 999999"
                  .formatted(stage.full.getBackupId()))
          .hasMessageContaining("the next try continues with what has been copied");
      assertThat(restored.file("global/pg_filenode.map")).isEqualTo(file);
    }
  }

  @Test
  @Order(1)
  void aTimeWithoutAZoneIsRefusedWhereTheClusterBringsAZoneOfItsOwn() throws Exception {
    try (var restored =
        stage.restored("main", "instances: 1", "targetTime: '" + stage.moment + "'")) {
      assertThatThrownBy(restored.job::restore)
          .hasMessageContaining("FAILED_PRECONDITION")
          .hasMessageContaining("recoveryTarget.targetTime '" + stage.moment + "' has no time zone")
          .hasMessageContaining("add the zone, such as '+00:00'");
    }
    try (var restored =
        stage.restored("main", "instances: 1", "targetTime: '" + stage.moment + "+00'")) {
      restored.job.run();
      restored.postgres.start();

      assertThat(restored.rows()).isEqualTo("1,2");
    }
  }

  @Test
  @Order(2)
  void timelinesAreFollowedWhereCnpgAsksForNoHistory() throws Exception {
    stage.primary.execute("alter system reset all");
    stage.primary.set("restore_command", "false");
    for (var row : new int[] {20, 30}) {
      stage.primary.stop();
      Files.createFile(stage.primary.dataDirectory().resolve("recovery.signal"));
      stage.primary.start();
      stage.primary.waitForPromotion(RestoreStage.SOON);
      stage.primary.execute("insert into t values (%d)".formatted(row));
      stage.primary.waitForArchived(stage.primary.switchWal(), RestoreStage.SOON);
    }

    try (var restored = stage.restored("main", "instances: 1", "", CnpgVersion.V1_29)) {
      restored.job.restore();
      assertThat(restored.pod.pgData().resolve("pg_wal/00000002.history")).isNotEmptyFile();
      assertThat(restored.pod.pgData().resolve("pg_wal/00000003.history")).isNotEmptyFile();
      restored.job.recover();
      restored.postgres.start();
      assertThat(restored.rows()).isEqualTo("1,2,3,20,30");
    }
    try (var restored =
        stage.restored("main", "instances: 1", "targetTLI: '2'", CnpgVersion.V1_29)) {
      restored.job.restore();
      assertThat(restored.pod.pgData().resolve("pg_wal/00000002.history")).isNotEmptyFile();
      assertThat(restored.pod.pgData().resolve("pg_wal/00000003.history")).doesNotExist();
      restored.job.recover();
      restored.postgres.start();
      assertThat(restored.rows()).isEqualTo("1,2,3,20");
    }
  }

  private static String day(Instant instant) {
    return instant.toString().substring(0, 10);
  }
}
