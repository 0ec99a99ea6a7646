package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.testbed.postgres.PostgresInstallation;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Backups that build on others.
@Timeout(600)
class BackupTypesIT {
  private static final int MAJOR = PostgresInstallation.NEWEST;

  @TempDir private Path directory;

  @Test
  void differentialAndIncrementalBackupsHoldWhatTheyShouldAlsoOnAFullOneWithOtherDefaults() {
    try (var datacenter = new TestCluster(directory, "repo")) {
      // pgBackRest's own defaults, and those of the Go plugin.
      datacenter.stanza(
          "s",
          "compressConfig: {type: gz},",
          datacenter.repository("repo", "/r", "bundle: false,"));
      String incremental;
      String differential;
      try (var primary =
          Instance.archiving(
              datacenter, TestCluster.archiving("c", "s"), MAJOR, "--wal-segsize=1")) {
        primary.postgres.execute("create table t (n int)", "insert into t values (1)");
        var full = primary.backup("backupType: full").getBackupId();
        // From here on what is written is zst, and bundled.
        datacenter.stanza("s", "", datacenter.repository("repo", "/r", "block: true,"));
        primary.postgres.execute("insert into t values (2)");
        differential = primary.backup("backupType: diff").getBackupId();
        primary.postgres.execute("insert into t values (3)");
        incremental = primary.backup("").getBackupId();

        assertThat(differential).startsWith(full + "_").endsWith("D");
        assertThat(incremental).startsWith(full + "_").endsWith("I");
      }
      assertThat(rows(datacenter, "r1", differential)).isEqualTo("1,2");
      assertThat(rows(datacenter, "r2", incremental)).isEqualTo("1,2,3");
    }
  }

  private static String rows(TestCluster datacenter, String name, String label) {
    var target = "targetImmediate: true, backupID: " + label;
    var cluster = TestCluster.recovering(name, "s", target, "");
    try (var restored = Instance.recovery(datacenter, cluster, MAJOR).recovered()) {
      return restored.postgres.value("select string_agg(n::text, ',' order by n) from t");
    }
  }
}
