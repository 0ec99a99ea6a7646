package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.cnpgi.proto.backup.BackupResult;
import com.dalibo.pgbackrest.sidecar.settings.SidecarSettings;
import com.dalibo.pgbackrest.stanza.contract.SidecarMode;
import com.dalibo.pgbackrest.testbed.cnpg.ClusterDefinition;
import com.dalibo.pgbackrest.testbed.cnpg.CnpgVersion;
import com.dalibo.pgbackrest.testbed.cnpg.InstanceManager;
import com.dalibo.pgbackrest.testbed.cnpg.Pod;
import com.dalibo.pgbackrest.testbed.kubernetes.KubernetesApiServer;
import com.dalibo.pgbackrest.testbed.postgres.Postgres;
import com.dalibo.pgbackrest.testbed.store.S3Server;
import com.dalibo.pgbackrest.testbed.tls.TestCertificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/// A Cluster with two backups, its archive in bucket 'one' and a copy of it in bucket 'two', and
/// the Clusters that are restored from there. Row 1 is in the full backup, row 2 in the incremental
/// one, row 3 only in WAL. The source has its WAL on a volume of its own and settings of a server
/// that CNPG did not make.
final class RestoreStage implements AutoCloseable {
  static final Duration SOON = Duration.ofMinutes(2);
  static final String ARCHIVES_TO =
      "plugins: [{name: pgbackrest.dalibo.com, isWALArchiver: true, parameters: {stanzaRef: %s}}]";

  private static final int MAJOR = 17;

  final S3Server s3;
  final KubernetesApiServer api;
  final Postgres primary;
  final BackupResult full;
  final BackupResult incremental;

  /// When the incremental backup was complete.
  final String moment;

  /// The newest WAL segment in the archive.
  final String last;

  final String afterTheLastRow;
  final Instant archivedUntil;
  private final Path directory;
  private final RunningSidecar sidecar;
  private final InstanceManager manager;
  private int restores;

  RestoreStage(Path directory) throws Exception {
    this.directory = directory;
    var certificates = TestCertificates.create();
    s3 = S3Server.start(certificates, "one", "two");
    api = KubernetesApiServer.start(certificates);
    api.apply(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: keys, namespace: default}
        stringData: {key: %s, secret: %s}
        """
            .formatted(s3.accessKey(), s3.secretKey()));
    api.apply(stanza("main", "one"));
    api.apply(stanza("alias", "one"));
    api.apply(stanza("copied", "two"));
    var cluster =
        ClusterDefinition.of(
                "{apiVersion: postgresql.cnpg.io/v1, kind: Cluster, metadata: {name: c}, spec: {%s}}"
                    .formatted(ARCHIVES_TO.formatted("main")))
            .primary("c-1");
    var pod = new Pod("c-1", directory.resolve("c"));
    primary = Postgres.initdb(MAJOR, pod.pgData());
    var wal = Files.createDirectories(pod.directory().resolve("wal")).resolve("pg_wal");
    Files.move(primary.walDirectory(), wal);
    Files.createSymbolicLink(primary.walDirectory(), wal);
    sidecar =
        SidecarMain.start(
            SidecarSettings.from(
                pod.sidecarEnvironment(SidecarMode.INSTANCE, cluster, primary, api)));
    manager = InstanceManager.start(pod, cluster);
    primary.set("archive_mode", "on").set("archive_command", manager.archiveCommand()).start();
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
    full = manager.backup(backup("full"));
    primary.execute("insert into t values (2)");
    incremental = manager.backup(backup("incr"));
    primary.allowAlterSystem();
    moment = primary.value("select now() at time zone 'UTC'");
    primary.execute("insert into t values (3)");
    afterTheLastRow = primary.value("select now() at time zone 'UTC'") + "+00";
    last = primary.switchWal();
    primary.waitForArchived(last, SOON);
    archivedUntil = Instant.now();
    api.apply(
        stanza("known", "one")
            + "status: {latestRestorableTime: '%s', repositories: [{index: 1, archiveMax: '%s'}]}"
                .formatted(archivedUntil, last));
    s3.keys("one").forEach(key -> s3.put("two", key, s3.get("one", key)));
  }

  Restored restored(String source, String more, String target) throws Exception {
    return restored(source, more, target, CnpgVersion.V1_30);
  }

  /// A Cluster that has not been recovered yet.
  ///
  /// @param source the Stanza it is recovered from
  /// @param more of its spec
  Restored restored(String source, String more, String target, CnpgVersion version)
      throws Exception {
    var cluster = TestCluster.recovering("r" + ++restores, source, target, more + ",");
    return new Restored(directory, api, MAJOR, cluster, version);
  }

  private static String backup(String type) {
    return """
        apiVersion: postgresql.cnpg.io/v1
        kind: Backup
        metadata: {name: %1$s, uid: uid-%1$s}
        spec:
          method: plugin
          cluster: {name: c}
          pluginConfiguration: {name: pgbackrest.dalibo.com, parameters: {backupType: %1$s}}
        """
        .formatted(type);
  }

  private String stanza(String name, String bucket) {
    return """
        apiVersion: pgbackrest.dalibo.com/v1
        kind: Stanza
        metadata: {name: %s, namespace: default}
        spec:
          stanzaConfiguration:
            name: main
            s3Repositories:
              - {bucket: %s, endpoint: 'localhost:%d', region: us-east-1, repoPath: /repo, uriStyle: path, verifyTLS: false,
                 secretRef: {accessKeyId: {name: keys, key: key}, secretAccessKey: {name: keys, key: secret}}}
        """
        .formatted(name, bucket, s3.port());
  }

  @Override
  public void close() {
    manager.close();
    sidecar.close();
    primary.close();
    api.close();
    s3.close();
  }
}
