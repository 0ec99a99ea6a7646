package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.testbed.postgres.PostgresInstallation;
import java.nio.file.Path;

/// A backup and many small segments after it, in two repositories whose stores give up soon, for
/// recoveries in which storage fails. Each segment has one row of the table `t`.
final class TwoRepositories {

  private TwoRepositories() {}

  /// @param configuration further fields of the Stanza, each with a comma after it
  static TestCluster create(Path directory, String configuration, int segments) {
    var datacenter = new TestCluster(directory, "one", "two");
    datacenter.stanza(
        "s",
        configuration + "options: {io-timeout: \"2s\"},",
        datacenter.repository("one", "/r", "bundle: true,"),
        datacenter.repository("two", "/r", "bundle: true,"));
    try (var primary =
        Instance.archiving(
            datacenter,
            TestCluster.archiving("c", "s"),
            PostgresInstallation.NEWEST,
            "--wal-segsize=1")) {
      primary.postgres.execute("create table t (n int)");
      primary.backup("backupType: full");
      for (var n = 1; n <= segments; n++) {
        primary.postgres.execute("insert into t values (" + n + ")");
        var _ = primary.postgres.switchWal();
      }
      primary.archiveAll();
    }
    return datacenter;
  }
}
