package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Backups and WAL that are missing in the archive, of which each test takes away more.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(600)
class RestoreGapsIT {
  @TempDir static Path directory;

  @RegisterExtension static final RestoreStage stage = new RestoreStage(() -> directory);

  @Test
  @Order(1)
  void aBackupWithoutItsManifestIsPassedOver() throws Exception {
    var manifests =
        stage.s3.keys("two").stream()
            .filter(key -> key.contains(stage.incremental.getBackupId() + "/backup.manifest"))
            .toList();
    assertThat(manifests).hasSize(2);
    manifests.forEach(key -> stage.s3.delete("two", key));
    try (var restored = stage.restored("copied", "instances: 1", "")) {
      restored.job.run();
      restored.postgres.start();

      assertThat(restored.rows()).isEqualTo("1,2,3");
      Eventually.until(
          "it is told",
          () ->
              new UserView(stage.api)
                  .events("Cluster", "BackupUnusable")
                  .contains(
                      "backup '%s' cannot be used: its 'backup.manifest' is not in repository 1 of stanza 'copied'. Recovery starts from backup '%s' in repository 1 instead"
                          .formatted(stage.incremental.getBackupId(), stage.full.getBackupId())));
    }
    try (var restored =
        stage.restored("copied", "instances: 1", "backupID: " + stage.incremental.getBackupId())) {
      assertThatThrownBy(restored.job::restore)
          .hasMessageContaining("FAILED_PRECONDITION")
          .hasMessageContaining(
              "no backup of stanza 'copied' can be used: backup '%s' cannot be used: its 'backup.manifest' is not in repository 1"
                  .formatted(stage.incremental.getBackupId()));
    }
    manifests.forEach(key -> stage.s3.put("two", key, stage.s3.get("one", key)));
  }

  @Test
  @Order(2)
  void aBackupWithoutItsWalIsRefusedUnlessRecoveryEndsWithItsBackup() throws Exception {
    stage.s3.keys("two").stream()
        .filter(key -> key.contains(stage.incremental.getBeginWal() + "-"))
        .forEach(key -> stage.s3.delete("two", key));

    try (var restored = stage.restored("copied", "instances: 1", "")) {
      assertThatThrownBy(restored.job::restore)
          .hasMessageContaining("FAILED_PRECONDITION")
          .hasMessageContaining(
              "'" + stage.incremental.getBeginWal() + "' first, are missing in all repositories")
          .hasMessageContaining(
              "Recovery from the older backup '"
                  + stage.full.getBackupId()
                  + "' would reach the same gap; to recover up to the gap, set backupID to that backup");
    }
    try (var restored = stage.restored("copied", "instances: 1", "targetImmediate: true")) {
      restored.job.run();
      restored.postgres.start();

      assertThat(restored.rows()).isEqualTo("1");
      Eventually.until(
          "it is told", () -> stage.api.events().toString().contains("BackupUnusable"));
      assertThat(stage.api.events().toString())
          .contains(
              "Recovery starts from backup '"
                  + stage.full.getBackupId()
                  + "' in repository 1 instead");
    }
    try (var restored =
        stage.restored("copied", "instances: 1", "backupID: " + stage.incremental.getBackupId())) {
      assertThatThrownBy(restored.job::restore)
          .hasMessageContaining("FAILED_PRECONDITION")
          .hasMessageContaining("backup '" + stage.incremental.getBackupId() + "' cannot be used");
    }
  }

  @Test
  @Order(3)
  void aHoleInTheWalIsNotItsEnd() throws Exception {
    var missing = stage.incremental.getBeginWal();
    var key =
        stage.s3.keys("one").stream().filter(name -> name.contains(missing + "-")).findFirst();
    try (var restored = waitingBefore(missing)) {
      stage.s3.put("two", key.orElseThrow(), stage.s3.get("one", key.orElseThrow()));
      restored.postgres.waitForPromotion(RestoreStage.SOON);
      assertThat(restored.rows()).isEqualTo("1,2,3");
    }
    stage.s3.delete("two", key.orElseThrow());
    isToldThatTheTargetIsBeyond(missing);
    try (var restored = waitingBefore(missing)) {
      var accepting = restored.cluster.json();
      var annotations = new JsonObject();
      annotations.addProperty("pgbackrest.dalibo.com/acceptMissingWAL", missing);
      accepting.getAsJsonObject("metadata").add("annotations", annotations);
      stage.api.apply(accepting);
      restored.postgres.waitForPromotion(RestoreStage.SOON);
      assertThat(restored.rows()).isEqualTo("1,2");
    }
  }

  @Test
  @Order(4)
  void anArchiveThatEndsWithinItsNewestBackupIsRestoredFromTheOneBefore() throws Exception {
    // As when the cluster was deleted while it was backed up.
    stage.s3.keys("two").stream()
        .filter(key -> key.matches(".*/0{7}1[0-9A-F]{16}-.*"))
        .filter(
            key ->
                key.substring(key.lastIndexOf('/') + 1).compareTo(stage.incremental.getBeginWal())
                    >= 0)
        .forEach(key -> stage.s3.delete("two", key));

    try (var restored = stage.restored("copied", "instances: 1", "")) {
      restored.job.run();
      restored.postgres.start();

      assertThat(restored.rows()).isEqualTo("1,2");
    }
  }

  private void isToldThatTheTargetIsBeyond(String missing) throws Exception {
    var far = "backupID: " + stage.full.getBackupId() + ", targetXID: '999999'";
    try (var restored = stage.restored("copied", "instances: 1", far)) {
      restored.job.restore();
      restored.postgres.launch();
      assertThat(restored.postgres.waitForExit()).isNotZero();
      assertThat(new UserView(stage.api).events("Cluster", "RecoveryTargetAtRisk"))
          .anyMatch(
              words ->
                  words.startsWith(
                          "WAL file '%s' is in no repository, though later".formatted(missing))
                      && words.contains(
                          "If the target of the recovery is not before it, PostgreSQL fails"));
    }
  }

  private Restored waitingBefore(String segment) throws Exception {
    var restored =
        stage.restored("copied", "instances: 1", "backupID: " + stage.full.getBackupId());
    restored.job.restore();
    Eventually.until(
        "the hole is told before recovery comes to it",
        () ->
            new UserView(stage.api)
                .events("Cluster", "RecoveryTargetAtRisk").stream()
                    .anyMatch(
                        words ->
                            words.startsWith(
                                    "recovery from backup '%s' will reach WAL file '%s' and wait"
                                        .formatted(stage.full.getBackupId(), segment))
                                && words.endsWith(
                                    " %s pgbackrest.dalibo.com/acceptMissingWAL=%s"
                                        .formatted(restored.cluster.name(), segment))));
    restored.postgres.launch();
    Eventually.until(
        "recovery waits",
        () ->
            new UserView(stage.api)
                .events("Cluster", "RecoveryWaits").stream()
                    .anyMatch(
                        words ->
                            words.contains("recovery waits for WAL file '%s'".formatted(segment))
                                && words.contains("but later WAL is ('00000001")
                                && words.endsWith(
                                    "kubectl annotate cluster --namespace default %s pgbackrest.dalibo.com/acceptMissingWAL=%s"
                                        .formatted(restored.cluster.name(), segment))));
    assertThat(restored.pod.pgData().resolve("recovery.signal")).exists();
    return restored;
  }
}
