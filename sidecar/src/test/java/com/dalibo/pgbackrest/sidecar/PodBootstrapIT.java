package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.cnpgi.proto.identity.PluginCapability;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// A pod that makes its own data directory, as CNPG 1.31 has it: one sidecar for the restore, the
/// recovery and the instance, and what ends in the middle.
@Timeout(600)
class PodBootstrapIT {
  private static final String MARKER = "pgbackrest-plugin.restored";

  @TempDir static Path directory;

  @RegisterExtension static final PrimaryStage stage = new PrimaryStage(() -> directory);

  private static int clusters;

  @BeforeAll
  static void begin() {
    stage.archive(8, 1);
  }

  @Test
  void theSidecarThatServedTheRestoreGoesOnAsThatOfTheInstance() throws Exception {
    try (var pod = pod()) {
      var process = pod.sidecar().pid();
      assertThat(pod.manager.services())
          .containsExactly(
              PluginCapability.Service.Type.TYPE_BACKUP_SERVICE,
              PluginCapability.Service.Type.TYPE_METRICS,
              PluginCapability.Service.Type.TYPE_RESTORE_JOB,
              PluginCapability.Service.Type.TYPE_WAL_SERVICE);

      pod.bootstrap().run();
      pod.bootstrap().startInstance(2);

      assertThat(PrimaryStage.rows(pod)).isEqualTo(PrimaryStage.rows(stage.primary));
      assertThat(pod.sidecar().pid()).isEqualTo(process);
      assertArchivesAndBacksUp(pod);
      Eventually.until(
          "the restore is over", () -> Files.notExists(pod.pod.pgData().resolve(MARKER)));
      Eventually.until("the owner is recorded", () -> owner(pod).equals(pod.cluster.name()));
    }
  }

  @Test
  void aSidecarKilledInTheRecoveryDelaysItAndNeverEndsIt() throws Exception {
    try (var pod = pod()) {
      var work = pod.bootstrap().restore();
      holdWal();
      pod.postgres.launch();
      Eventually.until("a fetch is on its way", () -> stage.datacenter.s3.faults().held() > 0);
      pod.sidecar().kill();
      var failures = pod.manager.restoreErrors().size();
      Eventually.until(
          "PostgreSQL has asked in vain", () -> pod.manager.restoreErrors().size() >= failures + 3);
      stage.datacenter.s3.faults().heal();
      assertThat(pod.pod.pgData().resolve("recovery.signal")).exists();
      pod.startSidecar();
      pod.postgres.waitForPromotion(Eventually.PATIENCE);
      pod.postgres.stop();
      assertThat(work.postgres()).isEqualTo(pod.postgres);
      Files.writeString(pod.pod.pgData().resolve("custom.conf"), "");
      pod.bootstrap().startInstance(2);

      assertThat(PrimaryStage.rows(pod)).isEqualTo(PrimaryStage.rows(stage.primary));
      assertArchivesAndBacksUp(pod);
    }
  }

  @Test
  void aContainerKilledInTheRecoveryIsTriedAgainOnTheSameDataBesideTheSameSidecar()
      throws Exception {
    try (var pod = pod()) {
      var process = pod.sidecar().pid();
      var _ = pod.bootstrap().restore();
      holdWal();
      pod.postgres.launch();
      Eventually.until("a fetch is on its way", () -> stage.datacenter.s3.faults().held() > 0);
      pod.bootstrap().kill();
      stage.datacenter.s3.faults().heal();
      Files.writeString(pod.pod.pgData().resolve("of-the-first-try"), "x");

      pod.bootstrap().run();
      pod.bootstrap().startInstance(2);

      assertThat(aside(pod)).isEmpty();
      assertThat(pod.pod.pgData().resolve("of-the-first-try")).exists();
      assertThat(PrimaryStage.rows(pod)).isEqualTo(PrimaryStage.rows(stage.primary));
      assertThat(pod.sidecar().pid()).isEqualTo(process);
      assertArchivesAndBacksUp(pod);
    }
  }

  @Test
  void aContainerKilledBetweenTheEndOfTheRecoveryAndItsOwnIsTriedAgain() throws Exception {
    try (var pod = pod()) {
      var _ = pod.bootstrap().restore();
      pod.postgres.start().waitForPromotion(Eventually.PATIENCE);
      pod.bootstrap().kill();
      pod.sidecar().kill();
      pod.startSidecar();

      pod.bootstrap().run();
      pod.bootstrap().startInstance(2);

      assertThat(aside(pod)).hasSize(1);
      assertThat(PrimaryStage.rows(pod)).isEqualTo(PrimaryStage.rows(stage.primary));
      assertArchivesAndBacksUp(pod);
    }
  }

  @Test
  void nothingIsRestoredOverAnInstance() throws Exception {
    try (var pod = pod()) {
      pod.bootstrap().run();
      pod.bootstrap().startInstance(2);
      assertArchivesAndBacksUp(pod);
      Eventually.until(
          "the restore is over", () -> Files.notExists(pod.pod.pgData().resolve(MARKER)));
      pod.postgres.execute("insert into t values (100)");
      var kept = PrimaryStage.rows(pod);
      pod.postgres.stop();

      assertThatThrownBy(pod.bootstrap()::restore)
          .hasMessageContaining("FAILED_PRECONDITION")
          .hasMessageContaining("has been recovered, its primary is '%s'", pod.pod.name())
          .hasMessageContaining("rename that back in this container and delete the pod");
      pod.cluster.currentPrimary("");
      assertThatThrownBy(pod.bootstrap()::restore)
          .hasMessageContaining("FAILED_PRECONDITION")
          .hasMessageContaining(
              "nothing was restored: '%s' is a data directory whose recovery is complete",
              aside(pod).getFirst())
          .hasMessageContaining("to restore again without it, remove it");

      Files.move(aside(pod).getFirst(), pod.pod.pgData());
      pod.bootstrap().startInstance(2);
      assertThat(PrimaryStage.rows(pod)).isEqualTo(kept);
    }
  }

  @Test
  void nothingIsArchivedOrOwnedBeforeThereIsAnInstance() throws Exception {
    try (var pod = pod()) {
      var wal = Files.createDirectories(pod.pod.directory().resolve("pg_wal"));
      var segment = wal.resolve("000000010000000000000001");
      Files.copy(
          stage.primary.postgres.walDirectory().resolve(stage.primary.archiveAll()), segment);

      assertThatThrownBy(() -> pod.manager.archive(segment))
          .hasMessageContaining("FAILED_PRECONDITION")
          .hasMessageContaining(
              "has no primary yet, and nothing is archived until then; PostgreSQL keeps its WAL and retries");
      assertThat(stage.datacenter.segments("repo", "/" + pod.cluster.name())).isEmpty();
      assertThat(owner(pod)).isEmpty();
      assertThat(pod.pod.pgData()).doesNotExist();
    }
  }

  /// Of a cluster that recovers from the source and archives to a Stanza of its own.
  private static Instance pod() {
    var name = "r" + ++clusters;
    stage.datacenter.stanza(name, "", stage.datacenter.repository("repo", "/" + name));
    var own =
        "plugins: [{name: pgbackrest.dalibo.com, isWALArchiver: true, parameters: {stanzaRef: %s}}],"
            .formatted(name);
    var cluster = TestCluster.recovering(name, "s", "", own);
    var pod = Instance.bootstrapping(stage.datacenter, cluster, PrimaryStage.MAJOR);
    stage.datacenter.api.apply(cluster.json());
    return pod;
  }

  private static void holdWal() {
    stage
        .datacenter
        .s3
        .faults()
        .holdWhere(request -> request.startsWith("GET ") && request.contains("/archive/"));
  }

  private static void assertArchivesAndBacksUp(Instance pod) {
    stage.datacenter.api.apply(pod.cluster.json());
    pod.postgres.execute("insert into t values (7)");
    var segment = pod.archiveAll();
    assertThat(stage.datacenter.segments("repo", "/" + pod.cluster.name())).contains(segment);
    assertThat(pod.backup("backupType: full").getBackupId()).endsWith("F");
    pod.postgres.execute("delete from t where n = 7");
  }

  /// The name of the cluster that is recorded as the owner of its Stanza.
  private static String owner(Instance pod) throws Exception {
    var json = stage.datacenter.api.get("stanzas", "default", pod.cluster.name()).orElseThrow();
    var status = Stanza.parse(json).status();
    return status == null || status.owner() == null ? "" : String.valueOf(status.owner().cluster());
  }

  private static List<Path> aside(Instance pod) throws IOException {
    try (var files = Files.list(pod.pod.pgData().getParent())) {
      return files.filter(file -> file.getFileName().toString().startsWith("pgdata_")).toList();
    }
  }
}
