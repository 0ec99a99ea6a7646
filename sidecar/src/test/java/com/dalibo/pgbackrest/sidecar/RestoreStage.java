package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.cnpgi.proto.backup.BackupResult;
import com.dalibo.pgbackrest.testbed.cnpg.CnpgVersion;
import com.dalibo.pgbackrest.testbed.cnpg.Pod;
import com.dalibo.pgbackrest.testbed.kubernetes.KubernetesApiServer;
import com.dalibo.pgbackrest.testbed.postgres.Postgres;
import com.dalibo.pgbackrest.testbed.store.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A Cluster with two backups, its archive in bucket 'one' and a copy of it in bucket 'two', and
/// the Clusters that are restored from there. Row 1 is in the full backup, row 2 in the incremental
/// one, row 3 only in WAL. The source has its WAL on a volume of its own and settings of a server
/// that CNPG did not make.
final class RestoreStage implements BeforeAllCallback, AfterAllCallback {
  static final Duration SOON = Duration.ofMinutes(2);
  static final String ARCHIVES_TO =
      "plugins: [{name: pgbackrest.dalibo.com, isWALArchiver: true, parameters: {stanzaRef: %s}}]";

  private static final int MAJOR = 17;

  S3Server s3;
  KubernetesApiServer api;
  Postgres primary;
  BackupResult full;
  BackupResult incremental;

  /// When the incremental backup was complete.
  String moment;

  /// The newest WAL segment in the archive.
  String last;

  String afterTheLastRow;
  Instant archivedUntil;
  private final Supplier<Path> directory;
  private TestCluster datacenter;
  private Source source;
  private int restores;

  /// @param directory for the pods, once the tests begin
  RestoreStage(Supplier<Path> directory) {
    this.directory = directory;
  }

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    datacenter = new TestCluster(directory.get(), "one", "two");
    s3 = datacenter.s3;
    api = datacenter.api;
    stanza("main", "one");
    stanza("alias", "one");
    stanza("copied", "two");
    source = source();
    primary = source.postgres;
    primary.execute(
        "create table t (n int)",
        "insert into t values (1)",
        "alter system set work_mem = '7MB'",
        "alter system set timezone = 'Pacific/Auckland'",
        "alter system set port = '1'",
        "alter system set unix_socket_directories = '/nowhere'",
        "alter system set archive_mode = 'off'",
        "alter system set archive_command = '/nowhere %p'",
        "alter system set restore_command = '/nowhere %f'",
        "alter system set recovery_target_time = '2020-01-01 00:00:00+00'",
        "alter system set recovery_min_apply_delay = '1h'",
        "alter system set primary_conninfo = 'host=nowhere'");
    primary.forbidAlterSystem();
    full = source.backup("full", "backupType: full");
    primary.execute("insert into t values (2)");
    incremental = source.backup("incr", "backupType: incr");
    primary.allowAlterSystem();
    moment = primary.value("select now() at time zone 'UTC'");
    primary.execute("insert into t values (3)");
    afterTheLastRow = primary.value("select now() at time zone 'UTC'") + "+00";
    last = primary.switchWal();
    primary.waitForArchived(last, SOON);
    archivedUntil = Instant.now();
    stanza("known", "one");
    api.apply(
        """
        {apiVersion: pgbackrest.dalibo.com/v1, kind: Stanza, metadata: {name: known},
         status: {latestRestorableTime: '%s', repositories: [{index: 1, archiveMax: '%s'}]}}
        """
            .formatted(archivedUntil, last));
    s3.keys("one").forEach(key -> s3.put("two", key, s3.get("one", key)));
  }

  private Source source() throws IOException {
    var pod = new Pod("c-1", directory.get().resolve("c"));
    var initialised = Postgres.initdb(MAJOR, pod.pgData());
    var wal = Files.createDirectories(pod.directory().resolve("wal")).resolve("pg_wal");
    Files.move(initialised.walDirectory(), wal);
    Files.createSymbolicLink(initialised.walDirectory(), wal);
    return new Source(
        datacenter, pod, TestCluster.archiving("c", "main").primary("c-1"), initialised);
  }

  private void stanza(String name, String bucket) {
    datacenter.stanza(name, "", datacenter.uncheckedRepository(bucket, "/repo", ""));
  }

  @Override
  public void afterAll(ExtensionContext context) {
    source.close();
    datacenter.close();
  }

  Restored restored(String stanza, String more, String target) throws Exception {
    return restored(stanza, more, target, CnpgVersion.V1_30);
  }

  /// A Cluster that has not been recovered yet.
  ///
  /// @param stanza from which it is recovered
  /// @param more of its spec
  Restored restored(String stanza, String more, String target, CnpgVersion version)
      throws Exception {
    var cluster = TestCluster.recovering("r" + ++restores, stanza, target, more + ",");
    return new Restored(directory.get(), api, MAJOR, cluster, version);
  }
}
