package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.testbed.postgres.PostgresInstallation;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The main job with each version of PostgreSQL, by the packaged sidecar. The settings of the
/// source are read-only, as those of Clusters are up to PostgreSQL 16.
@Timeout(600)
class EveryMajorIT {
  @TempDir static Path directory;
  private static TestCluster datacenter;

  @BeforeAll
  static void begin() {
    datacenter = new TestCluster(directory, "repo");
  }

  @AfterAll
  static void end() {
    datacenter.close();
  }

  static List<Integer> majors() {
    return PostgresInstallation.SUPPORTED;
  }

  @ParameterizedTest
  @MethodSource("majors")
  void whatWasBackedUpAndArchivedComesBack(int major) {
    var stanza = "v" + major;
    datacenter.stanza(stanza, "", datacenter.repository("repo", "/" + stanza, "bundle: true,"));
    String written;
    try (var primary =
        Instance.archiving(datacenter, TestCluster.archiving("c" + major, stanza), major)) {
      primary.postgres.execute(
          "create table t as select n, md5(n::text) from generate_series(1, 999) n");
      primary.postgres.forbidAlterSystem();
      assertThat(primary.backup("backupType: full").getBackupId()).endsWith("F");
      primary.postgres.execute(
          "insert into t select n, md5(n::text) from generate_series(1000, 1999) n");
      primary.archiveAll();
      written = rows(primary);
    }
    try (var restored =
        Instance.recovery(datacenter, TestCluster.recovering("r" + major, stanza, "", ""), major)
            .recovered()) {
      assertThat(rows(restored)).isEqualTo(written);
      // For the archive of the restored cluster, which the job does not write to.
      assertThat(restored.postgres.walDirectory().resolve("archive_status/00000002.history.ready"))
          .exists();
      assertThat(restored.postgres.value("select failed_count from pg_stat_archiver"))
          .isEqualTo("0");
    }
  }

  private static String rows(Instance instance) {
    return instance.postgres.value(
        "select count(*) || ' ' || md5(string_agg(t::text, ',' order by n)) from t");
  }
}
