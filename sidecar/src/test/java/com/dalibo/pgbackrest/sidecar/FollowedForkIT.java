package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.testbed.cnpg.ClusterDefinition;
import com.dalibo.pgbackrest.testbed.postgres.Postgres;
import com.dalibo.pgbackrest.testbed.postgres.PostgresInstallation;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A replica cluster that follows an archive alone, to which a former primary has archived the end
/// of its last segment, with what it wrote after the new timeline had left it, while the new one
/// has archived nothing but its history.
///
/// Row 2 is before the fork, and the replica cluster has not replayed it; 10 is after it on the
/// former timeline, 20 is on the new one.
@Timeout(600)
class FollowedForkIT {
  private static final int MAJOR = PostgresInstallation.NEWEST;
  private static final int TIMES = 3;

  @TempDir private Path directory;

  @Test
  void aReplicaClusterTakesNoWalThatItsSourceHasLeftBehind() throws Exception {
    try (var datacenter = new TestCluster(directory, "repo")) {
      datacenter.stanza("s", "", datacenter.repository("repo", "/s", "bundle: true,"));
      var cluster = TestCluster.archiving("c", "s");
      try (var former = Instance.archiving(datacenter, cluster, MAJOR, "--wal-segsize=1")) {
        former.postgres.execute("create table t (n int)", "insert into t values (1)");
        former.backup("backupType: full");
        former.archiveAll();
        var replica = replica();
        try (var job = Instance.recovery(datacenter, replica, MAJOR)) {
          job.job().run();
        }
        try (var next = former.standby(2);
            var designated = Instance.existing(datacenter, replica.primary("e-1"), MAJOR)) {
          former.postgres.execute("insert into t values (2)");
          next.start();
          Eventually.until("the standby has row 2", () -> rows(next.postgres).equals("1,2"));
          next.postgres.stop();
          former.postgres.execute("insert into t values (10)");
          former.archiveAll();
          former.postgres.stop();
          cluster.primary("c-2");
          next.start();
          next.postgres.promote();
          next.postgres.waitForPromotion(Eventually.PATIENCE);
          cluster.timeline(2).reported("c-2", true, 2);
          Eventually.until(
              "the new timeline is archived",
              () -> next.manager.archived().contains("00000002.history"));
          assertThat(datacenter.segments("repo", "/s"))
              .noneMatch(segment -> segment.startsWith("00000002"));

          designated.postgres.set("wal_retrieve_retry_interval", "200ms").start();
          Eventually.until(
              "it waits for the new timeline",
              () ->
                  designated.manager.restoreErrors().stream()
                          .filter(
                              error ->
                                  error.contains("NOT_FOUND")
                                      && error.contains(
                                          "is not replayed: timeline 2 left timeline 1 at ")
                                      && error.contains(", and '00000002"))
                          .count()
                      >= TIMES);
          assertThat(rows(designated.postgres)).isEqualTo("1,2");

          next.postgres.execute("insert into t values (20)");
          next.archiveAll();
          Eventually.until(
              "it follows the new timeline", () -> rows(designated.postgres).equals("1,2,20"));
        }
      }
    }
  }

  private static ClusterDefinition replica() {
    return ClusterDefinition.of(
        """
        {apiVersion: postgresql.cnpg.io/v1, kind: Cluster, metadata: {name: e}, spec: {
          replica: {enabled: true, source: o}, bootstrap: {recovery: {source: o}},
          externalClusters: [{name: o, plugin: {name: pgbackrest.dalibo.com, parameters: {stanzaRef: s}}}]}}
        """);
  }

  private static String rows(Postgres postgres) {
    return postgres.value("select string_agg(n::text, ',' order by n) from t");
  }
}
