package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.cnpgi.proto.backup.BackupResult;
import com.dalibo.pgbackrest.sidecar.session.WalProcesses;
import com.dalibo.pgbackrest.sidecar.settings.Intervals;
import com.dalibo.pgbackrest.sidecar.settings.MemoryLimit;
import com.dalibo.pgbackrest.sidecar.settings.SidecarSettings;
import com.dalibo.pgbackrest.sidecar.standby.PeerFiles;
import com.dalibo.pgbackrest.sidecar.standby.PrimaryLocator;
import com.dalibo.pgbackrest.stanza.contract.SidecarEnvironment;
import com.dalibo.pgbackrest.stanza.contract.SidecarMode;
import com.dalibo.pgbackrest.testbed.cnpg.ClusterDefinition;
import com.dalibo.pgbackrest.testbed.cnpg.InstanceManager;
import com.dalibo.pgbackrest.testbed.cnpg.Pod;
import com.dalibo.pgbackrest.testbed.kubernetes.KubernetesApiServer;
import com.dalibo.pgbackrest.testbed.postgres.Postgres;
import com.dalibo.pgbackrest.testbed.postgres.PostgresInstallation;
import com.dalibo.pgbackrest.testbed.store.S3Server;
import com.dalibo.pgbackrest.testbed.tls.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// One instance with its sidecar, the real pgBackRest, S3 and a Kubernetes API, all in this JVM but
/// for the programs.
public final class TestInstance implements AutoCloseable {

  public static final String SEGMENT = "000000010000000000000001";

  public static final Intervals QUICK =
      new Intervals(
          Duration.ofSeconds(1),
          Duration.ofSeconds(2),
          Duration.ofSeconds(2),
          Duration.ofMillis(100),
          Duration.ofSeconds(2),
          Duration.ofSeconds(3),
          Duration.ofSeconds(2),
          Duration.ofSeconds(2),
          Intervals.NORMAL.walOfBackup(),
          Intervals.NORMAL.lockPause());

  final TestCertificates certificates = TestCertificates.create();
  public final KubernetesApiServer api = KubernetesApiServer.start(certificates);
  public final S3Server s3 = S3Server.start(certificates, "one", "two");
  public final S3Server otherS3 = S3Server.start(certificates, "two");
  final Postgres postgres;
  final Pod pod;
  public final ClusterDefinition cluster;
  public final InstanceManager manager;
  private Map<String, String> more = Map.of();
  private Supplier<MemoryLimit> memory = MemoryLimit::ofContainer;
  private RunningSidecar sidecar;
  private WalProcesses walProcesses = new WalProcesses(memory);

  public TestInstance(Path directory, String clusterYaml) throws IOException {
    pod = new Pod("demo-1", directory);
    postgres = Postgres.initdb(PostgresInstallation.NEWEST, pod.pgData());
    cluster = ClusterDefinition.of(clusterYaml).primary("demo-1");
    manager = InstanceManager.start(pod, cluster);
    sidecar = startSidecar();
    api.apply(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: s3-ca}
        stringData: {ca.crt: "%s"}
        """
            .formatted(certificates.caPem().replace("\n", "\\n")));
    applySecret(s3.secretKey());
  }

  /// One with PostgreSQL running, and a sidecar that looks after the Stanza 'main' and its two
  /// repositories every second.
  static TestInstance keepingHouse(Path directory, String clusterYaml) throws IOException {
    var instance = new TestInstance(directory, clusterYaml);
    instance.applyStanza("main", instance.twoRepositories());
    instance.keepHouse();
    instance.startPostgres();
    return instance;
  }

  /// A cluster that archives to the stanza 'main'.
  public static String archiving() {
    return """
    apiVersion: postgresql.cnpg.io/v1
    kind: Cluster
    metadata: {name: demo}
    spec:
      instances: 1
      plugins:
        - name: pgbackrest.dalibo.com
          isWALArchiver: true
          parameters: {stanzaRef: main}
    """;
  }

  /// Repository 1 is a bucket of the first server, 2 one of the second.
  String twoRepositories() {
    return repository(s3, "one") + repository(otherS3, "two");
  }

  public String oneRepository() {
    return repository(s3, "one");
  }

  public String repository(S3Server server, String bucket) {
    return """
          - bucket: %s
            endpoint: localhost
            port: %d
            region: us-east-1
            repoPath: /demo
            uriStyle: path
            caSecretRef: {name: s3-ca, key: ca.crt}
            secretRef:
              accessKeyId: {name: s3-keys, key: id}
              secretAccessKey: {name: s3-keys, key: secret}
    """
        .formatted(bucket, server.port());
  }

  public void applyStanza(String name, String repositories) {
    applyStanza(name, repositories, "buffer-size: 128KiB");
  }

  void applyStanza(String name, String repositories, String option) {
    api.apply(
        """
        apiVersion: pgbackrest.dalibo.com/v1
        kind: Stanza
        metadata: {name: %s}
        spec:
          stanzaConfiguration:
            name: main
            options: {io-timeout: "2s", %s}
            s3Repositories:
        %s
        """
            .formatted(name, option, repositories));
  }

  void applySecret(String secretKey) {
    api.apply(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: s3-keys}
        stringData: {id: "%s", secret: "%s"}
        """
            .formatted(s3.accessKey(), secretKey));
  }

  /// A file of the WAL directory with the size of a segment and a header of this cluster's.
  public Path segment(String name) throws IOException {
    var first = postgres.walDirectory().resolve(SEGMENT);
    var file = postgres.walDirectory().resolve(name);
    if (!file.equals(first)) {
      Files.copy(first, file);
    }
    return file;
  }

  RunningSidecar startSidecar() throws IOException {
    return startSidecar(Intervals.NORMAL);
  }

  private RunningSidecar startSidecar(Intervals intervals) throws IOException {
    var environment = pod.sidecarEnvironment(SidecarMode.INSTANCE, cluster, postgres, api);
    environment.putAll(more);
    var settings = SidecarSettings.from(environment);
    var files = new PeerFiles(settings, InstantSource.system());
    var primary = PrimaryLocator.alike(settings, files);
    var parts = new SidecarParts(settings, files, primary, intervals, memory);
    walProcesses = parts.walProcesses;
    sidecar = SidecarMain.start(parts);
    return sidecar;
  }

  /// How many processes the sidecar has for WAL now.
  int walProcesses() {
    return walProcesses.most();
  }

  /// From now on the container of the sidecar has this memory limit, and the sidecar looks after
  /// its Stanza every second.
  void limitMemory(int mebibytes) throws IOException {
    memory = () -> new MemoryLimit(Optional.of((long) mebibytes << 20));
    keepHouse();
  }

  /// PostgreSQL, archiving through the sidecar.
  public void startPostgres() {
    postgres.set("archive_mode", "on").set("archive_command", manager.archiveCommand()).start();
  }

  /// Takes a backup.
  ///
  /// @param parameters of the Backup, in YAML flow style
  BackupResult backup(String parameters) {
    return manager.backup(
        """
        apiVersion: postgresql.cnpg.io/v1
        kind: Backup
        metadata: {name: b}
        spec:
          method: plugin
          cluster: {name: demo}
          pluginConfiguration: {name: pgbackrest.dalibo.com, parameters: {%s}}
        """
            .formatted(parameters));
  }

  /// Gives pgBackRest a minute for each answer of a store, where a test holds answers back.
  void allowSlowStorage() {
    api.apply(
        """
        apiVersion: pgbackrest.dalibo.com/v1
        kind: Stanza
        metadata: {name: main}
        spec: {stanzaConfiguration: {options: {io-timeout: 60s}}}
        """);
  }

  /// From now on the Cluster is in the API server too, and the sidecar looks after its Stanza every
  /// second.
  public void keepHouse() throws IOException {
    keepHouse(QUICK);
  }

  void keepHouse(Intervals intervals) throws IOException {
    api.apply(cluster.json());
    sidecar.close();
    startSidecar(intervals);
    manager.reconnect();
  }

  /// From now on the sidecar is that of a pod which recovers from volume snapshots.
  public void recoverFromSnapshots() throws IOException {
    more = Map.of(SidecarEnvironment.SNAPSHOT_RECOVERY, "true");
    api.apply(cluster.json());
    sidecar.close();
    startSidecar();
    manager.reconnect();
  }

  /// From now on the sidecar has another program than pgBackRest itself.
  void useProgram(Path program) throws IOException {
    more = Map.of(SidecarEnvironment.PROGRAM, program.toString());
    sidecar.close();
    startSidecar();
    manager.reconnect();
  }

  @Override
  public void close() {
    sidecar.close();
    manager.close();
    postgres.close();
    s3.close();
    otherS3.close();
    api.close();
  }
}
