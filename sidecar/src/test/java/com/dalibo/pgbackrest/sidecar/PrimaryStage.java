package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.testbed.postgres.PostgresInstallation;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A primary with a full backup in a store that can be made to fail and heals after each test, and
/// the Clusters that are recovered from there.
final class PrimaryStage implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
  static final int MAJOR = PostgresInstallation.NEWEST;

  TestCluster datacenter;
  Instance primary;

  private final Supplier<Path> directory;
  private int restores;

  /// @param directory for the pods, once the tests begin
  PrimaryStage(Supplier<Path> directory) {
    this.directory = directory;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    datacenter = new TestCluster(directory.get(), "repo");
    datacenter.stanza("s", "processMax: 2,", datacenter.repository("repo", "/r", "bundle: true,"));
    primary =
        Instance.archiving(datacenter, TestCluster.archiving("c", "s"), MAJOR, "--wal-segsize=1");
    primary.postgres.execute("create table t (n int)");
    primary.backup("backupType: full");
  }

  @Override
  public void afterEach(ExtensionContext context) {
    datacenter.s3.faults().heal();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    primary.close();
    datacenter.close();
  }

  /// A row in each of so many segments, all of them archived.
  void archive(int segments, int row) {
    for (var n = 0; n < segments; n++) {
      primary.postgres.execute("insert into t values (%d)".formatted(row));
      var _ = primary.postgres.switchWal();
    }
    primary.archiveAll();
  }

  /// A Cluster that has not been recovered yet.
  Instance recovery() {
    return Instance.recovery(
        datacenter, TestCluster.recovering("r" + ++restores, "s", "", ""), MAJOR);
  }

  static String rows(Instance instance) {
    return instance.postgres.value("select count(*) || ' ' || coalesce(sum(n), 0) from t");
  }
}
