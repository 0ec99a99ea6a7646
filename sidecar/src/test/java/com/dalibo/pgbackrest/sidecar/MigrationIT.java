package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.testbed.BarmanCloud;
import com.dalibo.pgbackrest.testbed.cnpg.ClusterDefinition;
import com.dalibo.pgbackrest.testbed.postgres.Postgres;
import com.dalibo.pgbackrest.testbed.postgres.PostgresInstallation;
import com.dalibo.pgbackrest.testbed.program.PgBackRestProgram;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A cluster whose archive was kept by another tool: the Go plugin, which configures pgBackRest by
/// the environment, leaves CNPG's marker of a new cluster in the data directory and writes a status
/// with members of its own; or barman-cloud, whose archive is none of ours.
@Timeout(600)
class MigrationIT {
  private static final int MAJOR = PostgresInstallation.NEWEST;
  private static final String ROWS = "select string_agg(n::text, ',' order by n) from t";

  @TempDir static Path directory;
  private static TestCluster datacenter;

  @BeforeAll
  static void begin() {
    datacenter = new TestCluster(directory, "repo", "barman");
  }

  @AfterAll
  static void end() {
    datacenter.close();
  }

  @Test
  void theArchiveAndTheBackupsOfTheGoPluginAreContinued() throws Exception {
    datacenter.stanza("go", "", datacenter.repository("repo", "/go"));
    datacenter.api.apply(
        """
        {"apiVersion": "pgbackrest.dalibo.com/v1", "kind": "Stanza", "metadata": {"name": "go"}, "status":
        {"backupsCount": {"Full": 1, "Incr": 0, "Diff": 0},
         "recoveryWindow": {
           "firstBackup": {"label": "", "type": "", "prior": "", "archive": {"start": "", "stop": ""},
             "lsn": {"start": "", "stop": ""}, "timestamp": {"start": 0, "stop": 0}},
           "lastBackup": {"label": "", "type": "", "prior": "", "archive": {"start": "", "stop": ""},
             "lsn": {"start": "", "stop": ""}, "timestamp": {"start": 0, "stop": 0}}}}}
        """);
    String former;
    String continued;
    try (var instance =
        Instance.initialised(datacenter, TestCluster.archiving("go", "go"), MAJOR)) {
      former = archiveByAnotherTool(instance, "/go");
      instance.manager.markNewCluster();
      instance.start();
      instance.postgres.execute("insert into t values (2)");
      var segment = instance.archiveAll();

      assertThat(datacenter.segments("repo", "/go")).contains(segment).doesNotHaveDuplicates();
      assertThat(instance.manager.archiveErrors()).isEmpty();
      assertThat(instance.manager.emptyArchiveMarker()).doesNotExist();
      continued = instance.backup("backupType: incr").getBackupId();
      instance.postgres.execute("insert into t values (3)");
      instance.archiveAll();
    }

    assertThat(continued).startsWith(former + "_").endsWith("I");
    assertThat(restored("go-latest", "go", "")).isEqualTo("1,2,3");
    assertThat(restored("go-former", "go", "backupID: " + former + ", targetImmediate: true"))
        .isEqualTo("1");
  }

  @Test
  void aCopyOfTheClusterIsNotTakenForIt() throws Exception {
    datacenter.stanza("copied", "", datacenter.repository("repo", "/copied"));
    var copy =
        ClusterDefinition.of(
            """
            {apiVersion: postgresql.cnpg.io/v1, kind: Cluster, metadata: {name: copy}, spec: {
              bootstrap: {pg_basebackup: {source: origin}},
              externalClusters: [{name: origin, connectionParameters: {host: origin}}],
              plugins: [{name: pgbackrest.dalibo.com, isWALArchiver: true, parameters: {stanzaRef: copied}}]}}
            """);
    try (var instance = Instance.initialised(datacenter, copy, MAJOR)) {
      archiveByAnotherTool(instance, "/copied");
      instance.manager.markNewCluster();
      instance.start();
      instance.postgres.switchWal();
      Eventually.until(
          "the archiver is refused", () -> !instance.manager.archiveErrors().isEmpty());

      assertThat(instance.manager.archiveErrors().getFirst())
          .contains(
              "the Cluster 'copy' is new, but its archive is not: stanza 'copied' has 1 backups and WAL up to")
          .contains("annotate the Cluster with 'cnpg.io/skipEmptyWalArchiveCheck: enabled'");
    }
  }

  @Test
  void noSegmentIsLostBetweenBarmanCloudAndUsAndWhatBarmanHasStaysRestorable() {
    datacenter.stanza("moved", "", datacenter.repository("repo", "/moved"));
    var barman = new BarmanCloud(datacenter.s3, "barman", "moved", directory);
    try (var instance =
        Instance.initialised(datacenter, TestCluster.archiving("moved", "moved"), MAJOR)) {
      barman.archive(instance.postgres);
      instance.postgres.start();
      instance.postgres.execute("create table t (n int)", "insert into t values (1)");
      barman.backup(instance.postgres, "before");
      instance.postgres.execute("insert into t values (2)");
      instance.archiveAll();
      // As when the Cluster names us and the pod does not have our sidecar yet: CNPG refuses.
      instance.postgres.set("archive_command", "false").reload();
      instance.postgres.execute("insert into t values (3)");
      instance.postgres.switchWal();
      instance.postgres.stop();

      instance.start();
      instance.postgres.execute("insert into t values (4)");
      instance.archiveAll();
      var first = instance.backup("backupType: incr").getBackupId();
      instance.postgres.execute("insert into t values (5)");
      instance.archiveAll();

      assertThat(instance.manager.archiveErrors()).isEmpty();
      assertThat(first).as("a full backup, whatever was asked for").endsWith("F");
    }

    var segments = new ArrayList<>(barman.segments());
    var ours = datacenter.segments("repo", "/moved");
    assertThat(ours).as("what barman-cloud does not have").doesNotContainAnyElementsOf(segments);
    segments.addAll(ours);
    assertThat(segments)
        .as("every segment from the first on")
        .isEqualTo(
            IntStream.rangeClosed(1, segments.size())
                .mapToObj("0000000100000000000000%02X"::formatted)
                .toList());
    assertThat(restored("moved-latest", "moved", "")).isEqualTo("1,2,3,4,5");
    assertThat(restoredByBarman(barman)).isEqualTo("1,2");
  }

  private static String restoredByBarman(BarmanCloud barman) {
    try (var postgres = Postgres.existing(MAJOR, directory.resolve("by-barman"))) {
      barman.restore(postgres, "before");
      postgres.start().waitForPromotion(Eventually.PATIENCE);
      return postgres.value(ROWS);
    }
  }

  /// @return the label of the full backup that it made, after row 1
  private static String archiveByAnotherTool(Instance instance, String path) throws Exception {
    var environment = environment(instance.postgres, path);
    environment.forEach(instance.postgres::environment);
    instance
        .postgres
        .set("archive_mode", "on")
        .set("archive_command", PgBackRestProgram.path() + " archive-push %p")
        .start();
    instance.postgres.execute("create table t (n int)", "insert into t values (1)");
    pgBackRest(environment, "stanza-create");
    pgBackRest(environment, "backup", "--type=full");
    instance.archiveAll();
    instance.postgres.stop();
    return datacenter.s3.keys("repo").stream()
        .filter(key -> key.matches(path.substring(1) + "/backup/main/\\d{8}-\\d{6}F/.*"))
        .map(key -> Path.of(key).getName(3).toString())
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, String> environment(Postgres postgres, String path) {
    var environment = new TreeMap<String, String>();
    environment.put("PGBACKREST_STANZA", "main");
    environment.put("PGBACKREST_PG1_PATH", postgres.dataDirectory().toString());
    environment.put("PGBACKREST_PG1_SOCKET_PATH", postgres.socketDirectory().toString());
    environment.put("PGBACKREST_PG1_PORT", Integer.toString(postgres.port()));
    environment.put("PGBACKREST_PG1_USER", "postgres");
    environment.put("PGBACKREST_LOG_LEVEL_FILE", "off");
    environment.put("PGBACKREST_LOCK_PATH", directory.resolve("lock" + path).toString());
    environment.put("PGBACKREST_REPO1_TYPE", "s3");
    environment.put("PGBACKREST_REPO1_PATH", path);
    environment.put("PGBACKREST_REPO1_S3_BUCKET", "repo");
    environment.put("PGBACKREST_REPO1_S3_ENDPOINT", "localhost");
    environment.put("PGBACKREST_REPO1_STORAGE_PORT", Integer.toString(datacenter.s3.port()));
    environment.put("PGBACKREST_REPO1_S3_REGION", "us-east-1");
    environment.put("PGBACKREST_REPO1_S3_URI_STYLE", "path");
    environment.put("PGBACKREST_REPO1_S3_VERIFY_TLS", "n");
    environment.put("PGBACKREST_REPO1_S3_KEY", datacenter.s3.accessKey());
    environment.put("PGBACKREST_REPO1_S3_KEY_SECRET", datacenter.s3.secretKey());
    return environment;
  }

  private static void pgBackRest(Map<String, String> environment, String... arguments)
      throws Exception {
    var command = new ArrayList<>(List.of(PgBackRestProgram.path().toString()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    var process = builder.start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }

  private static String restored(String name, String stanza, String target) {
    try (var instance =
        Instance.recovery(datacenter, TestCluster.recovering(name, stanza, target, ""), MAJOR)
            .recovered()) {
      return instance.postgres.value(ROWS);
    }
  }
}
