package com.dalibo.pgbackrest.demo;

import com.dalibo.pgbackrest.stanza.contract.SidecarEnvironment;
import com.dalibo.pgbackrest.stanza.contract.SidecarMode;
import com.dalibo.pgbackrest.testbed.cnpg.ClusterDefinition;
import com.dalibo.pgbackrest.testbed.cnpg.InstanceManager;
import com.dalibo.pgbackrest.testbed.cnpg.Pod;
import com.dalibo.pgbackrest.testbed.cnpg.SidecarProcess;
import com.dalibo.pgbackrest.testbed.kubernetes.KubernetesApiServer;
import com.dalibo.pgbackrest.testbed.postgres.Postgres;
import com.dalibo.pgbackrest.testbed.postgres.PostgresInstallation;
import com.dalibo.pgbackrest.testbed.program.PgBackRestProgram;
import com.dalibo.pgbackrest.testbed.store.S3Server;
import com.dalibo.pgbackrest.testbed.tls.TestCertificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What every measurement needs: a data directory with one typical WAL segment, a store over TLS,
/// an API, and a Cluster that archives. PostgreSQL itself is stopped, to leave the machine alone.
final class BenchCluster implements AutoCloseable {
  /// A Cluster object of a real cluster is about this large.
  private static final int TYPICAL_SIZE = 10_000;

  private final Path directory;
  private final S3Server store;
  private final KubernetesApiServer api;
  private final Postgres postgres;
  private final ClusterDefinition cluster;
  private final Pod pod;
  private final Path typicalSegment;
  private long segments;

  BenchCluster() throws IOException {
    this("zst");
  }

  /// @param compression of the repository, such as `gz`
  BenchCluster(String compression) throws IOException {
    directory = Files.createTempDirectory("pgbackrest-bench");
    TestCertificates authority = TestCertificates.create();
    // On disk: hundreds of segments do not fit into the memory of this program.
    store =
        S3Server.builder()
            .certificates(authority)
            .bucket("demo")
            .directory(Files.createDirectory(directory.resolve("store")))
            .start();
    api = KubernetesApiServer.start(authority);
    api.apply(
        Example.of("stanza.yaml")
            .with("<key>", store.accessKey())
            .with("<secret>", store.secretKey())
            .with("s3.minio.svc.cluster.local", store.endpoint())
            .with("name: main", "name: main\n    compressConfig: {type: %s}".formatted(compression))
            .yaml());
    cluster = definition(Example.of("cluster.yaml").yaml());
    api.apply(cluster.json());
    pod = new Pod("cluster-demo-1", directory.resolve("1"));
    postgres = Postgres.initdb(PostgresInstallation.NEWEST, pod.pgData());
    typicalSegment = fillSegment();
  }

  private static ClusterDefinition definition(String yaml) {
    ClusterDefinition definition = ClusterDefinition.of(yaml).primary("cluster-demo-1").timeline(1);
    int missing = TYPICAL_SIZE - definition.json().toString().length();
    return definition.annotate(
        "kubectl.kubernetes.io/last-applied-configuration", "x".repeat(missing));
  }

  private Path fillSegment() throws IOException {
    postgres.set("max_wal_size", "1GB").set("wal_keep_size", "512MB").start();
    postgres.execute(
        "create table filler as select n, md5(n::text) from generate_series(1, 200000) n");
    String full = postgres.value("select pg_walfile_name(pg_current_wal_lsn() - 16777216)");
    Path copy = Files.copy(postgres.walDirectory().resolve(full), directory.resolve("segment"));
    postgres.stop();
    return copy;
  }

  /// The same content under the next name, where PostgreSQL would have it.
  Path nextSegment() {
    String name =
        String.format(Locale.ROOT, "00000001%08X%08X", 10 + segments / 256, segments % 256);
    segments++;
    try {
      return Files.copy(typicalSegment, postgres.walDirectory().resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The next segment, marked as PostgreSQL marks it when it is complete.
  Path nextReadySegment() {
    Path segment = nextSegment();
    try {
      Files.createFile(
          segment.resolveSibling("archive_status").resolve(segment.getFileName() + ".ready"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return segment;
  }

  SidecarProcess startSidecar(Path java, List<String> jvmFlags) {
    return startSidecar(java, jvmFlags, PgBackRestProgram.path());
  }

  SidecarProcess startSidecar(Path java, List<String> jvmFlags, Path program) {
    Map<String, String> environment =
        pod.sidecarEnvironment(SidecarMode.INSTANCE, cluster, postgres, api);
    environment.put(SidecarEnvironment.LOG_LEVEL, "warn");
    environment.put(SidecarEnvironment.PROGRAM, program.toString());
    return SidecarProcess.start(pod, environment, java, jvmFlags);
  }

  InstanceManager manager() {
    return InstanceManager.start(pod, cluster);
  }

  /// The one of a new cluster that recovers from the archive of the other.
  InstanceManager recoveringManager() {
    return InstanceManager.start(
        pod, ClusterDefinition.of(Example.of("cluster-restored.yaml").yaml()));
  }

  /// One that asks to archive for a cluster whose archiver is somebody else: every step of a call
  /// but pgBackRest.
  InstanceManager idleManager() {
    return InstanceManager.start(
        pod,
        definition(
            Example.of("cluster.yaml").with("isWALArchiver: true", "isWALArchiver: false").yaml()));
  }

  /// Leaves the data directory as a recovery does that was killed, and returns where it wants WAL.
  Path leaveInRecovery() throws IOException {
    Files.createFile(pod.pgData().resolve("standby.signal"));
    postgres.start();
    postgres.stop(Postgres.Stop.IMMEDIATE);
    return postgres.walDirectory().resolve("RECOVERYXLOG");
  }

  /// Starts PostgreSQL, which archives through the manager from now on.
  Postgres startArchiving(InstanceManager manager) {
    manager.markNewCluster();
    return postgres
        .set("archive_mode", "on")
        .set("autovacuum", "off")
        .set("archive_command", manager.archiveCommand())
        .start();
  }

  /// The real program for everything but the push itself, which is over at once.
  Path programThatPushesNothing() {
    Path program = directory.resolve("push-nothing");
    try {
      Files.writeString(
          program,
          """
          #!/bin/sh
          case "$*" in *archive-push*) exit 0 ;; *) exec '%s' "$@" ;; esac
          """
              .formatted(PgBackRestProgram.path()));
      return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The configuration that the sidecar has made for pgBackRest.
  Path configuration() {
    try (var files = Files.walk(pod.runDirectory())) {
      return files
          .filter(file -> file.toString().endsWith(".conf"))
          .max(Comparator.comparingLong(file -> file.toFile().length()))
          .orElseThrow(() -> new IllegalStateException("the sidecar made no configuration"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path directory() {
    return directory;
  }

  @Override
  public void close() {
    postgres.close();
    api.close();
    store.close();
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
