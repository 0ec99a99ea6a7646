package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.postgres.Lsn;
import com.dalibo.pgbackrest.testbed.cnpg.ClusterDefinition;
import com.dalibo.pgbackrest.testbed.postgres.Postgres;
import com.dalibo.pgbackrest.testbed.postgres.PostgresInstallation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// An old copy of the cluster was promoted by accident and has archived its history, which left
/// timeline 1 before the backup. The cluster itself is still on timeline 1.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(600)
class StrayHistoryIT {
  /// Without data, as the one is that ends the segment after a backup.
  private static final int RECORD = 24;

  @TempDir static Path directory;
  private TestCluster datacenter;
  private PlanLab lab;
  private String backup;
  private String later;
  private String stray;

  @BeforeAll
  void aClusterOfWhichACopyWasPromoted() throws Exception {
    datacenter = new TestCluster(directory, "one");
    lab = new PlanLab(datacenter, "s", datacenter.repository("one", "/s", ""));
    lab.insert();
    backup = lab.backup("full", 1);
    lab.insert();
    later = lab.archive();
    stray =
        datacenter.s3.keys("one").stream()
            .filter(key -> key.contains("/" + later + "-"))
            .map(key -> key.substring(0, key.indexOf("/00000001") + 1) + "00000002.history")
            .findFirst()
            .orElseThrow();
    archiveStray();
  }

  private void archiveStray() {
    archiveStray("0/100028");
  }

  private void archiveStray(String fork) {
    var content = "1\t%s\tno recovery target specified\n".formatted(fork);
    datacenter.s3.put("one", stray, content.getBytes(StandardCharsets.US_ASCII));
  }

  @AfterAll
  void end() {
    lab.close();
    datacenter.close();
  }

  @Test
  @Order(1)
  void theTimelineOfTheClusterCanBeChosen() throws Exception {
    for (var timeline : List.of("'1'", "current")) {
      var target = "targetTLI: %s".formatted(timeline);

      assertThat(PlanLab.words(lab.plan("", target))).startsWith("True");
      assertThat(lab.restoreOnce(target)).isEqualTo(new PlanLab.Truth(Optional.of("1,2"), ""));
    }
  }

  @Test
  @Order(2)
  void withoutAChoiceItIsSaidWhatToChoose() throws Exception {
    var words =
        "of timeline 1 does not lead to timeline 2; choose another backup, or the timeline of this one with recoveryTarget.targetTLI: '1'";

    assertThat(PlanLab.words(lab.plan("", ""))).startsWith("False").contains(words);
    assertThat(lab.restoreOnce("").failure()).contains(words);
  }

  /// PostgreSQL finds the history, keeps it in its WAL directory, and stays on its timeline: "new
  /// timeline 2 forked off current database system timeline 1 before current recovery point".
  @Test
  @Order(3)
  void aReplicaClusterStaysOnTheTimelineOfItsSource() throws Exception {
    datacenter.s3.delete("one", stray);
    var replica = replica();
    try (var job = Instance.recovery(datacenter, replica, PostgresInstallation.NEWEST)) {
      job.job().run();
    }
    try (var designated =
        Instance.existing(datacenter, replica.primary("e-1"), PostgresInstallation.NEWEST)) {
      designated.postgres.set("wal_retrieve_retry_interval", "200ms").start();
      Eventually.until("it has row 2", () -> rows(designated.postgres).equals("1,2"));
      archiveStray();
      Eventually.until(
          "it has found the history",
          () -> Files.exists(designated.postgres.walDirectory().resolve("00000002.history")));
      lab.insert();
      lab.archive();
      Eventually.until("it has row 3", () -> rows(designated.postgres).equals("1,2,3"));
    }
  }

  /// The last checkpoint, of the backup, does not show that the history left before what is
  /// replayed.
  @Test
  @Order(4)
  void aReplicaClusterThatHasGonePastTheForkStaysOnTheTimelineOfItsSource() throws Exception {
    datacenter.s3.delete("one", stray);
    var fork = lab.insert().position();
    lab.archive();
    lab.insert();
    lab.archive();
    var replica = replica();
    try (var job = Instance.recovery(datacenter, replica, PostgresInstallation.NEWEST)) {
      job.job().run();
    }
    try (var designated =
        Instance.existing(datacenter, replica.primary("e-1"), PostgresInstallation.NEWEST)) {
      designated.postgres.set("wal_retrieve_retry_interval", "200ms").start();
      Eventually.until("it has row 5", () -> rows(designated.postgres).equals("1,2,3,4,5"));
      archiveStray(fork);
      Eventually.until(
          "it has found the history",
          () -> Files.exists(designated.postgres.walDirectory().resolve("00000002.history")));
      lab.insert();
      lab.archive();
      Eventually.until("it has row 6", () -> rows(designated.postgres).equals("1,2,3,4,5,6"));
    }
  }

  /// The history leaves timeline 1 in the only segment of the backup, after its end; its own
  /// segment of that number is lost, and the next one is there.
  @Test
  @Order(5)
  void aBackupIsRestoredWhoseTimelineWasLeftInItsSegment() throws Exception {
    datacenter.s3.delete("one", stray);
    var target = "targetImmediate: true, backupID: '%s'".formatted(backup);
    var end = lab.plan("", target).ends().lsn();
    archiveStray(new Lsn(Lsn.parse(end).value() + RECORD).toString());
    for (var key : datacenter.s3.keys("one")) {
      if (key.contains("/" + later + "-")) {
        datacenter.s3.put(
            "one", key.replace("/00000001", "/00000002"), datacenter.s3.get("one", key));
      }
    }

    var plan = lab.plan("", target);
    assertThat(PlanLab.words(plan)).startsWith("True");
    assertThat(plan.ends().timeline()).isEqualTo(1);
    assertThat(lab.restoreOnce(target)).isEqualTo(new PlanLab.Truth(Optional.of("1"), ""));
  }

  private static String rows(Postgres postgres) {
    return postgres.value("select string_agg(n::text, ',' order by n) from t");
  }

  private static ClusterDefinition replica() {
    return ClusterDefinition.of(
        """
        {apiVersion: postgresql.cnpg.io/v1, kind: Cluster, metadata: {name: e}, spec: {
          replica: {enabled: true, source: o},
          bootstrap: {recovery: {source: o}},
          externalClusters: [{name: o, plugin: {name: pgbackrest.dalibo.com, parameters: {stanzaRef: s}}}]}}
        """);
  }
}
