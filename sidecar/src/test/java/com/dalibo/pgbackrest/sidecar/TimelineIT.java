package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.testbed.cnpg.ClusterDefinition;
import com.dalibo.pgbackrest.testbed.cnpg.CnpgVersion;
import com.dalibo.pgbackrest.testbed.cnpg.InstanceManager;
import com.dalibo.pgbackrest.testbed.postgres.Postgres;
import com.dalibo.pgbackrest.testbed.postgres.PostgresInstallation;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A cluster that has failed over, and one that was promoted in place of another.
///
/// Rows 1 and 2 are on timeline 1 before it forks; 10 and 11 follow on timeline 1, where the former
/// primary wrote on; 20 is on timeline 2.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
class TimelineIT {
  private static final int MAJOR = PostgresInstallation.NEWEST;

  @TempDir static Path directory;
  private TestCluster datacenter;
  private String first;
  private int restores;

  @BeforeAll
  void aClusterThatHasFailedOver() throws Exception {
    datacenter = new TestCluster(directory, "repo");
    datacenter.stanza("s", "", datacenter.repository("repo", "/s", "bundle: true,"));
    datacenter.stanza("d", "", datacenter.repository("repo", "/d", "bundle: true,"));
    var cluster = TestCluster.archiving("c", "s");
    try (var former = Instance.archiving(datacenter, cluster, MAJOR, "--wal-segsize=1")) {
      former.postgres.execute("create table t (n int)", "insert into t values (1)");
      first = former.backup("backupType: full").getBackupId();
      former.postgres.execute("insert into t values (2)");
      try (var next = former.standby(2)) {
        next.start();
        Eventually.until("the standby has row 2", () -> rows(next.postgres).equals("1,2"));
        next.postgres.stop();
        former.postgres.execute("insert into t values (10)");
        former.archiveAll();
        cluster.primary("c-2");
        former.postgres.execute("insert into t values (11)");
        var unarchived = former.postgres.switchWal();
        former.postgres.stop();
        next.start();
        next.postgres.promote();
        next.postgres.waitForPromotion(Eventually.PATIENCE);
        cluster.timeline(2);
        next.postgres.execute("insert into t values (20)");
        next.archiveAll();
        former.manager.archiveAllReady();
        assertThat(datacenter.segments("repo", "/s")).contains(unarchived);
        next.backup("backupType: full");
      }
    }
  }

  @AfterAll
  void end() {
    datacenter.close();
  }

  @Test
  void theLatestStateIsThatOfTheNewestTimeline() {
    assertThat(restore("", CnpgVersion.V1_30)).isEqualTo("1,2,20");
  }

  @Test
  void aBackupOfBeforeTheFailoverLeadsToTheNewestTimeline() {
    assertThat(restore("backupID: " + first, CnpgVersion.V1_30)).isEqualTo("1,2,20");
  }

  /// Some releases of CNPG refuse timeline histories during such a recovery.
  @Test
  void itDoesSoToWhereCnpgNeverAsksForAHistory() {
    assertThat(restore("backupID: " + first, CnpgVersion.V1_29)).isEqualTo("1,2,20");
  }

  @Test
  void anOlderTimelineCanBeChosenAndItsBackupIsFound() {
    assertThat(restore("targetTLI: '1'", CnpgVersion.V1_30)).isEqualTo("1,2,10,11");
  }

  @Test
  void aReplicaClusterPromotedByTokenReadsThePartialSegment() throws Exception {
    try (var source =
        Instance.archiving(datacenter, TestCluster.archiving("d", "d"), MAJOR, "--wal-segsize=1")) {
      source.postgres.execute("create table t (n int)", "insert into t values (1)");
      source.backup("backupType: full");
      source.postgres.execute("insert into t values (2)");
      source.archiveAll();
      var replica = replica();
      try (var job = Instance.recovery(datacenter, replica, MAJOR)) {
        job.job().run();
      }
      try (var designated = Instance.existing(datacenter, replica.primary("e-1"), MAJOR)) {
        designated.postgres.set("wal_retrieve_retry_interval", "200ms").start();
        Eventually.until("it has row 2", () -> rows(designated.postgres).equals("1,2"));
        source.postgres.execute("insert into t values (3)");
        datacenter.secret("keys", "key: nobody, secret: nothing");
        untilItIsToldThatRecoveryWaits("InvalidAccessKeyId");
        datacenter.giveKeys();
        archivePartial(source);
        designated.manager.close();
        try (var promoted = InstanceManager.start(designated.pod, withToken(replica))) {
          datacenter.secret("keys", "key: %s, secret: no".formatted(datacenter.s3.accessKey()));
          untilItIsToldThatRecoveryWaits("SignatureDoesNotMatch");
          datacenter.giveKeys();
          Eventually.until("it has row 3", () -> rows(designated.postgres).equals("1,2,3"));
          designated.postgres.promote();
          designated.postgres.waitForPromotion(Eventually.PATIENCE);

          assertThat(promoted.restored()).isNotEmpty();
          assertThat(rows(designated.postgres)).isEqualTo("1,2,3");
        }
      }
    }
  }

  private void untilItIsToldThatRecoveryWaits(String cause) throws Exception {
    Eventually.until(
        "it is told that recovery waits for " + cause,
        () ->
            new UserView(datacenter.api)
                .events("Cluster", "RecoveryWaits").stream()
                    .anyMatch(
                        words ->
                            words.contains("of stanza 'd' and goes on when it can be fetched:")
                                && words.contains(cause)));
  }

  /// What CNPG does with the last segment of a primary cluster that is demoted.
  private void archivePartial(Instance source) throws Exception {
    var last = source.postgres.value("select pg_walfile_name(pg_current_wal_lsn())");
    source.postgres.stop(Postgres.Stop.IMMEDIATE);
    var partial = source.postgres.walDirectory().resolve(last + ".partial");
    Files.createLink(partial, source.postgres.walDirectory().resolve(last));
    source.manager.archive(partial);
    assertThat(datacenter.segments("repo", "/d")).doesNotContain(last);
  }

  private static ClusterDefinition replica() {
    return ClusterDefinition.of(
        """
        {apiVersion: postgresql.cnpg.io/v1, kind: Cluster, metadata: {name: e}, spec: {
          replica: {enabled: true, source: o}, bootstrap: {recovery: {source: o}},
          externalClusters: [{name: o, plugin: {name: pgbackrest.dalibo.com, parameters: {stanzaRef: d}}}]}}
        """);
  }

  private static ClusterDefinition withToken(ClusterDefinition replica) {
    var json = replica.json();
    var role = json.getAsJsonObject("spec").getAsJsonObject("replica");
    role.addProperty("enabled", false);
    role.addProperty("promotionToken", "a token");
    return ClusterDefinition.of(json);
  }

  private String restore(String target, CnpgVersion version) {
    var cluster = TestCluster.recovering("r" + ++restores, "s", target, "");
    try (var restored = Instance.recovery(datacenter, cluster, MAJOR, version).recovered()) {
      return rows(restored.postgres);
    }
  }

  private static String rows(Postgres postgres) {
    return postgres.value("select string_agg(n::text, ',' order by n) from t");
  }
}
