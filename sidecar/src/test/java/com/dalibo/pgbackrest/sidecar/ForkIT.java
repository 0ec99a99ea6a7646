package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.testbed.postgres.Postgres;
import com.dalibo.pgbackrest.testbed.postgres.PostgresInstallation;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A standby that has not followed a new primary yet, while the former one archives the end of its
/// last segment, with what it wrote after the new timeline had left it.
///
/// Row 2 is before the fork, and the standby has not replayed it; 10 and 11 are after it on the
/// former timeline, 20 is on the new one.
@Timeout(600)
class ForkIT {
  private static final int MAJOR = PostgresInstallation.NEWEST;
  private static final int TIMES = 3;

  @TempDir private Path directory;

  @Test
  void aStandbyTakesNoWalThatItsClusterHasLeftBehind() throws Exception {
    try (var datacenter = new TestCluster(directory, "repo")) {
      datacenter.stanza("s", "", datacenter.repository("repo", "/s", "bundle: true,"));
      var cluster = TestCluster.archiving("c", "s");
      try (var former = Instance.archiving(datacenter, cluster, MAJOR, "--wal-segsize=1")) {
        former.postgres.execute("create table t (n int)", "insert into t values (1)");
        former.backup("backupType: full");
        try (var next = former.standby(2);
            var third = former.standby(3)) {
          follow(third, "1");
          former.postgres.execute("insert into t values (2)");
          follow(next, "1,2");
          former.postgres.execute("insert into t values (10)");
          former.archiveAll();
          former.postgres.execute("insert into t values (11)");
          former.archiveAll();
          former.postgres.stop();

          cluster.targetPrimary("c-2");
          third
              .postgres
              .set("restore_command", third.manager.restoreCommand())
              .set("wal_retrieve_retry_interval", "200ms");
          third.start();
          assertLeftAlone(third, "while 'c-2' takes over from 'c-1'");

          next.start();
          next.postgres.promote();
          next.postgres.waitForPromotion(Eventually.PATIENCE);
          cluster.primary("c-2").reported("c-2", false, 1);
          assertLeftAlone(third, "until CNPG has recorded that 'c-2' is primary");

          cluster.reported("c-2", true, 1);
          assertLeftAlone(third, "until CNPG has recorded that 'c-2' is primary");

          cluster.timeline(2).reported("c-2", true, 2);
          Eventually.until(
              "the new timeline is archived",
              () -> next.manager.archived().contains("00000002.history"));
          assertLeftAlone(third, "timeline 2 left timeline 1 at ");

          next.postgres.execute("insert into t values (20)");
          next.archiveAll();
          Eventually.until(
              "it follows the new timeline", () -> rows(third.postgres).equals("1,2,20"));
        }
      }
    }
  }

  private static void follow(Instance standby, String rows) throws Exception {
    standby.start();
    Eventually.until("the standby has the rows", () -> rows(standby.postgres).equals(rows));
    standby.postgres.stop();
  }

  private static void assertLeftAlone(Instance standby, String reason) throws Exception {
    var before = standby.manager.restoreErrors().size();
    Eventually.until(
        "the standby was told to leave WAL alone " + reason,
        () -> {
          assertThat(rows(standby.postgres)).isEqualTo("1");
          var errors = standby.manager.restoreErrors();
          return errors.subList(before, errors.size()).stream()
                  .filter(error -> error.contains("NOT_FOUND") && error.contains(reason))
                  .count()
              >= TIMES;
        });
  }

  private static String rows(Postgres postgres) {
    return postgres.value("select string_agg(n::text, ',' order by n) from t");
  }
}
