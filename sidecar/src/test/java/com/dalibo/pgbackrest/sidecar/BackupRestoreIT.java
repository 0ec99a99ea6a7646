package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.cnpgi.proto.backup.BackupResult;
import com.dalibo.pgbackrest.cnpgi.proto.metrics.CollectMetric;
import com.dalibo.pgbackrest.sidecar.settings.SidecarSettings;
import com.dalibo.pgbackrest.stanza.contract.CopiedBackup;
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
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// One PostgreSQL with two repositories, backed up and restored in every way, by the real programs.
///
/// Row 1 is in the full backup of repository 1; row 2 comes after it and row 3 after the moment
/// that the targets name; the second backup, in the other repository, has all three, row 4 only WAL
/// has.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(900)
class BackupRestoreIT {
  private static final int MAJOR = 17;
  private static final Duration SOON = Duration.ofMinutes(2);

  @TempDir static Path directory;

  private S3Server s3;
  private KubernetesApiServer api;
  private Pod pod;
  private Postgres primary;
  private RunningSidecar sidecar;
  private InstanceManager manager;
  private int restores;

  private BackupResult first;
  private BackupResult second;
  private String time;
  private String lsn;
  private String xid;

  @BeforeAll
  void aClusterWithAHistory() throws Exception {
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
    api.apply(stanza());
    var cluster =
        ClusterDefinition.of(
                """
                apiVersion: postgresql.cnpg.io/v1
                kind: Cluster
                metadata: {name: c}
                spec:
                  plugins:
                    - {name: pgbackrest.dalibo.com, isWALArchiver: true, parameters: {stanzaRef: main}}
                """)
            .primary("c-1");
    api.apply(cluster.json());
    pod = new Pod("c-1", directory.resolve("c"));
    primary = Postgres.initdb(MAJOR, pod.pgData());
    sidecar = start(pod, SidecarMode.INSTANCE, cluster, primary);
    manager = InstanceManager.start(pod, cluster);
    primary.set("archive_mode", "on").set("archive_command", manager.archiveCommand()).start();
    var tablespace = Files.createDirectories(pod.directory().resolve("tablespaces/hot/data"));
    primary.execute(
        "create tablespace hot location '%s'".formatted(tablespace),
        "create table t (n int) tablespace hot",
        "insert into t values (1)",
        "alter system set work_mem = '7MB'",
        "alter system set restore_command = '/nowhere %f'");
    first = manager.backup(backup("b1", "backupType: full, selectedRepository: '1'"));
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
    second = manager.backup(backup("b2", "backupType: incr, selectedRepository: second"));
    primary.execute("insert into t values (4)");
    primary.waitForArchived(primary.switchWal(), SOON);
  }

  @AfterAll
  void end() {
    manager.close();
    sidecar.close();
    primary.close();
    api.close();
    s3.close();
  }

  @Test
  @Order(1)
  void everyFieldOfTheResultIsFilled() {
    assertThat(first.getBackupId()).matches("\\d{8}-\\d{6}F").isEqualTo(first.getBackupName());
    assertThat(first.getOnline()).isTrue();
    assertThat(first.getInstanceId()).isEqualTo("c-1");
    assertThat(first.getStartedAt()).isPositive();
    assertThat(first.getStoppedAt()).isGreaterThanOrEqualTo(first.getStartedAt());
    assertThat(first.getBeginWal()).matches("[0-9A-F]{24}");
    assertThat(first.getEndWal()).matches("[0-9A-F]{24}");
    assertThat(first.getBeginLsn()).matches("[0-9A-F]+/[0-9A-F]+");
    assertThat(first.getEndLsn()).matches("[0-9A-F]+/[0-9A-F]+");
    assertThat(first.getMetadataMap())
        .containsEntry("stanza", "main")
        .containsEntry("repository", "1")
        .containsEntry("type", "full")
        .containsEntry("clusterUID", manager.cluster().uid());
    assertThat(second.getMetadataMap())
        .containsEntry("repository", "2")
        .containsEntry("repositoryName", "second");
  }

  @Test
  @Order(2)
  void theSameBackupAskedForAgainIsTheSameBackup() {
    assertThat(manager.backup(backup("b1", "")).getBackupId()).isEqualTo(first.getBackupId());
  }

  @Test
  @Order(2)
  void anUnknownRepositoryIsRefusedNamingTheKnownOnes() {
    assertThatThrownBy(() -> manager.backup(backup("b9", "selectedRepository: third")))
        .hasMessageContaining("FAILED_PRECONDITION")
        .hasMessageContaining("has no repository 'third'; choose one of 1, 2 (second)");
  }

  @Test
  @Order(3)
  void theLatestStateHasAllRowsAndKeepsSettingsButNotThoseOfRecovery() throws Exception {
    try (var restored = restore("", "tablespaces: [{name: hot}], walStorage: {size: 1Gi}")) {
      assertThat(restored.rows()).isEqualTo("1,2,3,4");
      assertThat(restored.postgres.value("show work_mem")).isEqualTo("7MB");
      assertThat(restored.postgres.value("show restore_command")).isEmpty();
      assertThat(restored.pod.pgData().resolve("pg_wal")).isSymbolicLink();
      assertThat(restored.pod.pgData().resolve("pg_wal").toRealPath())
          .isEqualTo(restored.pod.directory().toRealPath().resolve("wal/pg_wal"));
    }
  }

  @Test
  @Order(3)
  void aTimeWrittenAsRfc3339EndsBeforeTheMistake() throws Exception {
    try (var restored = restore("targetTime: '%s'".formatted(time), HOT)) {
      assertThat(restored.rows()).isEqualTo("1,2");
    }
  }

  @Test
  @Order(3)
  void aTimeWithoutAZoneIsUtcWhateverZoneTheUserGivesTheCluster() throws Exception {
    var zoneless = time.replace("T", " ").replace("Z", "");
    try (var restored = prepare("targetTime: '%s'".formatted(zoneless), HOT)) {
      restored.postgres.set("timezone", "Pacific/Auckland");
      restored.job.run();
      restored.postgres.start();

      assertThat(restored.rows()).isEqualTo("1,2");
    }
  }

  @Test
  @Order(3)
  void anLsnEndsBeforeTheMistake() throws Exception {
    try (var restored = restore("targetLSN: '%s'".formatted(lsn), HOT)) {
      assertThat(restored.rows()).isEqualTo("1,2");
    }
  }

  @Test
  @Order(3)
  void aRestorePointEndsBeforeTheMistake() throws Exception {
    var target = "targetName: before, backupID: " + first.getBackupId();
    try (var restored = restore(target, HOT)) {
      assertThat(restored.rows()).isEqualTo("1,2");
    }
  }

  @Test
  @Order(3)
  void aTransactionCanBeLeftOut() throws Exception {
    var target =
        "targetXID: '%s', exclusive: true, backupID: %s".formatted(xid, first.getBackupId());
    try (var restored = restore(target, HOT)) {
      assertThat(restored.rows()).isEqualTo("1,2");
    }
  }

  @Test
  @Order(3)
  void immediateEndsWithTheNamedBackup() throws Exception {
    var target = "targetImmediate: true, backupID: " + first.getBackupId();
    try (var restored = restore(target, HOT)) {
      assertThat(restored.rows()).isEqualTo("1");
    }
  }

  @Test
  @Order(4)
  void aRestorePointWithoutBackupIsRefusedNamingThoseThereAre() {
    assertThatThrownBy(() -> restore("targetName: before", HOT))
        .hasMessageContaining("name the backup to start from")
        .hasMessageContaining(first.getBackupId());
  }

  @Test
  @Order(4)
  void aBackupThatDoesNotExistIsRefusedNamingThoseThereAre() throws Exception {
    assertThatThrownBy(() -> restore("backupID: 20200101-000000F", HOT))
        .hasMessageContaining("has no backup '20200101-000000F'; it has")
        .hasMessageContaining(first.getBackupId())
        .hasMessageContaining(second.getBackupId());
    Eventually.until(
        "an event on the Cluster says why the restore failed",
        () ->
            api.events().stream()
                .map(Object::toString)
                .anyMatch(
                    event ->
                        event.contains("RestoreFailed")
                            && event.contains("has no backup '20200101-000000F'")));
  }

  @Test
  @Order(4)
  void aTimeBeforeTheFirstBackupIsRefusedNamingTheEarliest() {
    assertThatThrownBy(() -> restore("targetTime: '2020-01-01T00:00:00Z'", HOT))
        .hasMessageContaining("the earliest time that can be restored is 20");
  }

  @Test
  @Order(4)
  void aTablespaceWithoutVolumeIsRefusedBeforeDataIsCopied() {
    assertThatThrownBy(() -> restore("", "instances: 1"))
        .hasMessageContaining("has the tablespace 'hot'")
        .hasMessageContaining("add it to spec.tablespaces");
  }

  @Test
  @Order(5)
  void aRepositoryThatIsDownLeavesTheChoiceToTheOther() throws Exception {
    try (var restored = prepare("", HOT)) {
      s3.faults().breakBucket("two");
      restored.job.restore();
      // While a repository is silent nobody can say where the WAL ends.
      s3.faults().heal();
      restored.job.recover();
      restored.postgres.start();

      assertThat(restored.rows()).isEqualTo("1,2,3,4");
    }
  }

  /// The newest backup, and all WAL, is in the other repository too.
  @Test
  @Order(5)
  void aRecoveryFromOneRepositoryAsksNoOther() throws Exception {
    try (var restored = prepare("", HOT, ", selectedRepository: '1'")) {
      s3.faults().breakBucket("two");
      restored.job.run();
      restored.postgres.start();

      assertThat(restored.rows()).isEqualTo("1,2,3,4");
      Eventually.until(
          "an event on the Cluster says what was copied",
          () ->
              api.events().stream()
                  .filter(event -> event.toString().contains(restored.cluster.name()))
                  .flatMap(event -> CopiedBackup.parse(event.get("message").getAsString()).stream())
                  .anyMatch(
                      copied ->
                          copied.label().equals(first.getBackupId())
                              && copied.repository().equals("1")));
    } finally {
      s3.faults().heal();
    }
  }

  @Test
  @Order(6)
  void aRecoveryWithoutItsSidecarWaitsAndThenGoesOnToTheEnd() throws Exception {
    try (var restored = prepare("", HOT)) {
      restored.job.restore();
      restored.stopSidecar();
      restored.postgres.launch();
      Thread.sleep(6_000);
      assertThat(restored.postgres.isRunning()).isTrue();
      assertThat(restored.pod.pgData().resolve("recovery.signal")).exists();

      restored.startSidecar();
      restored.postgres.waitForPromotion(SOON);

      assertThat(restored.rows()).isEqualTo("1,2,3,4");
    }
  }

  @Test
  @Order(7)
  void theMetricsKnowTheBackups() throws Exception {
    Eventually.until(
        "they were asked after the last backup",
        () -> metrics().getOrDefault("pgbackrest_dalibo_com_full_count[]", 0.0) == 2.0);

    assertThat(metrics())
        .containsEntry("pgbackrest_dalibo_com_full_count[]", 2.0)
        .containsEntry("pgbackrest_dalibo_com_repository_backups[2, second, full]", 1.0)
        .containsEntry("pgbackrest_dalibo_com_repository_status[1, ]", 0.0);
  }

  private Map<String, Double> metrics() {
    return manager.collectMetrics().stream()
        .collect(
            Collectors.toMap(
                s -> s.getFqName() + s.getVariableLabelsList(), CollectMetric::getValue));
  }

  @Test
  @Order(8)
  void aBackupWhoseWalDoesNotArriveFailsNamingTheSegment() {
    // PostgreSQL believes it archived, so nothing is held back that the backup itself could put
    // there.
    primary.set("archive_command", "true").reload();

    assertThatThrownBy(() -> manager.backup(backup("b3", "backupType: incr")))
        .hasMessageContaining("cannot be restored: WAL segment '0000000")
        .hasMessageContaining("did not arrive in repository 1 of stanza 'main' within 60 s");
    primary.set("archive_command", manager.archiveCommand()).reload();
  }

  private static final String HOT = "tablespaces: [{name: hot}]";

  private String backup(String name, String parameters) {
    return """
        apiVersion: postgresql.cnpg.io/v1
        kind: Backup
        metadata: {name: %1$s, uid: uid-%1$s}
        spec:
          method: plugin
          cluster: {name: c}
          pluginConfiguration: {name: pgbackrest.dalibo.com, parameters: {%2$s}}
        """
        .formatted(name, parameters);
  }

  private String stanza() {
    var repository =
        """
              - {%s bucket: %s, endpoint: 'localhost:%d', region: us-east-1, repoPath: /repo, uriStyle: path, verifyTLS: false,
                 secretRef: {accessKeyId: {name: keys, key: key}, secretAccessKey: {name: keys, key: secret}}}
        """;
    return """
        apiVersion: pgbackrest.dalibo.com/v1
        kind: Stanza
        metadata: {name: main, namespace: default}
        spec:
          stanzaConfiguration:
            name: main
            s3Repositories:
        """
        + repository.formatted("", "one", s3.port())
        + repository.formatted("name: second,", "two", s3.port());
  }

  private static RunningSidecar start(
      Pod pod,
      SidecarMode mode,
      ClusterDefinition cluster,
      Postgres postgres,
      KubernetesApiServer api)
      throws Exception {
    return SidecarMain.start(
        SidecarSettings.from(pod.sidecarEnvironment(mode, cluster, postgres, api)));
  }

  private RunningSidecar start(
      Pod pod, SidecarMode mode, ClusterDefinition cluster, Postgres postgres) throws Exception {
    return start(pod, mode, cluster, postgres, api);
  }

  /// A new cluster recovered as CNPG does, and running.
  private Restored restore(String target, String more) throws Exception {
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

  private Restored prepare(String target, String more) throws Exception {
    return prepare(target, more, "");
  }

  /// @param parameters of the plugin beside `stanzaRef`
  private Restored prepare(String target, String more, String parameters) throws Exception {
    var name = "r" + ++restores;
    var cluster =
        ClusterDefinition.of(
            """
            apiVersion: postgresql.cnpg.io/v1
            kind: Cluster
            metadata: {name: %s}
            spec: {%s, bootstrap: {recovery: {source: o, recoveryTarget: {%s}}},
              externalClusters: [{name: o, plugin: {name: pgbackrest.dalibo.com, parameters: {stanzaRef: main%s}}}]}
            """
                .formatted(name, more, target, parameters));
    var restored = new Restored(directory, api, MAJOR, cluster, CnpgVersion.V1_30);
    Files.createDirectories(restored.pod.directory().resolve("tablespaces/hot"));
    return restored;
  }
}
