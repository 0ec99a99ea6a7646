package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.cnpgi.proto.backup.BackupResult;
import com.dalibo.pgbackrest.testbed.cnpg.CnpgVersion;
import com.dalibo.pgbackrest.testbed.cnpg.Pod;
import com.dalibo.pgbackrest.testbed.kubernetes.KubernetesApiServer;
import com.dalibo.pgbackrest.testbed.postgres.Postgres;
import com.dalibo.pgbackrest.testbed.store.S3Server;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// One PostgreSQL with two repositories, backed up, and the Clusters that are restored from there.
///
/// Row 1 is in the full backup of repository 1; row 2 comes after it and row 3 after the moment
/// that the targets name; the second backup, in the other repository, has all three, row 4 only WAL
/// has.
final class HistoryStage implements BeforeAllCallback, AfterAllCallback {
  static final Duration SOON = Duration.ofMinutes(2);
  static final String HOT = "tablespaces: [{name: hot}]";

  private static final int MAJOR = 17;

  S3Server s3;
  KubernetesApiServer api;
  Source source;
  BackupResult first;
  BackupResult second;

  /// Before row 3, in RFC 3339.
  String time;

  String lsn;

  /// Of the transaction that wrote row 3.
  String xid;

  private final Supplier<Path> directory;
  private TestCluster datacenter;
  private int restores;

  /// @param directory for the pods, once the tests begin
  HistoryStage(Supplier<Path> directory) {
    this.directory = directory;
  }

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    datacenter = new TestCluster(directory.get(), "one", "two");
    s3 = datacenter.s3;
    api = datacenter.api;
    datacenter.stanza(
        "main",
        "",
        datacenter.uncheckedRepository("one", "/repo", ""),
        datacenter.uncheckedRepository("two", "/repo", "name: second,"));
    var cluster = TestCluster.archiving("c", "main").primary("c-1");
    api.apply(cluster.json());
    var pod = new Pod("c-1", directory.get().resolve("c"));
    source = new Source(datacenter, pod, cluster, Postgres.initdb(MAJOR, pod.pgData()));
    var primary = source.postgres;
    var tablespace = Files.createDirectories(pod.directory().resolve("tablespaces/hot/data"));
    primary.execute(
        "create tablespace hot location '%s'".formatted(tablespace),
        "create table t (n int) tablespace hot",
        "insert into t values (1)",
        "alter system set work_mem = '7MB'",
        "alter system set restore_command = '/nowhere %f'");
    first = source.backup("b1", "backupType: full, selectedRepository: '1'");
    primary.execute("insert into t values (2)", "select pg_create_restore_point('before')");
    Thread.sleep(1_100);
    time =
        primary.value("select to_char(now() at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')");
    lsn = primary.value("select pg_current_wal_lsn()");
    Thread.sleep(1_100);
    xid =
        primary
            .query("insert into t values (3) returning pg_current_xact_id()")
            .getFirst()
            .getFirst();
    second = source.backup("b2", "backupType: incr, selectedRepository: second");
    primary.execute("insert into t values (4)");
    primary.waitForArchived(primary.switchWal(), SOON);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    source.close();
    datacenter.close();
  }

  /// A new cluster recovered as CNPG does, and running.
  ///
  /// @param more of its spec
  Restored restore(String target, String more) throws Exception {
    var restored = prepare(target, more);
    try {
      restored.job.run();
      restored.postgres.start();
      return restored;
    } catch (RuntimeException failure) {
      restored.close();
      throw failure;
    }
  }

  Restored prepare(String target, String more) throws Exception {
    return prepare(target, more, "");
  }

  /// A new cluster that has not been recovered yet.
  ///
  /// @param parameters of the plugin beside `stanzaRef`
  Restored prepare(String target, String more, String parameters) throws Exception {
    var cluster = TestCluster.recovering("r" + ++restores, "main" + parameters, target, more + ",");
    var restored = new Restored(directory.get(), api, MAJOR, cluster, CnpgVersion.V1_30);
    Files.createDirectories(restored.pod.directory().resolve("tablespaces/hot"));
    return restored;
  }
}
