package com.dalibo.pgbackrest.demo;

import com.dalibo.pgbackrest.cnpgi.proto.backup.BackupResult;
import com.dalibo.pgbackrest.stanza.contract.SidecarMode;
import com.dalibo.pgbackrest.testbed.cnpg.ClusterDefinition;
import com.dalibo.pgbackrest.testbed.cnpg.InstanceManager;
import com.dalibo.pgbackrest.testbed.cnpg.Pod;
import com.dalibo.pgbackrest.testbed.cnpg.RestoreJob;
import com.dalibo.pgbackrest.testbed.cnpg.SidecarProcess;
import com.dalibo.pgbackrest.testbed.kubernetes.KubernetesApiServer;
import com.dalibo.pgbackrest.testbed.postgres.Postgres;
import com.dalibo.pgbackrest.testbed.postgres.PostgresInstallation;
import com.dalibo.pgbackrest.testbed.program.PgBackRestProgram;
import com.dalibo.pgbackrest.testbed.store.S3Server;
import com.dalibo.pgbackrest.testbed.tls.TestCertificates;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The main job with the real programs and without Kubernetes: PostgreSQL archives through the
/// packaged sidecar into two S3 stores, is backed up, loses its data to a mistake, and comes back.
final class Demo {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String SUMMARY =
      "select count(*) || ' orders worth ' || coalesce(sum(amount), 0) || ', fingerprint '"
          + " || coalesce(md5(string_agg(id || ':' || amount, ',' order by id)), '-') from orders";

  private final Narrator narrator;
  private final Path directory;
  private final boolean keep;

  private Demo(Narrator narrator, Path directory, boolean keep) {
    this.narrator = narrator;
    this.directory = directory;
    this.keep = keep;
  }

  static void main(String[] arguments) throws Exception {
    boolean keep = List.of(arguments).equals(List.of("--keep"));
    if (arguments.length > 0 && !keep) {
      System.err.println("usage: ./run demo [--keep]");
      System.exit(2);
    }
    // Short, because the paths of UNIX sockets have to be.
    Path directory = Files.createTempDirectory("pgbackrest-demo");
    var over = new CountDownLatch(1);
    endOrderlyOnSignal(Thread.currentThread(), over);
    int status = 0;
    try (Narrator narrator = new Narrator()) {
      new Demo(narrator, directory, keep).play();
    } catch (InterruptedException stopped) {
      System.out.println("stopped");
    } catch (StatusRuntimeException e) {
      status = fail("the sidecar answered: " + e.getMessage(), directory);
    } catch (IllegalStateException e) {
      status =
          Thread.currentThread().isInterrupted()
              ? 0
              : fail(String.valueOf(e.getMessage()), directory);
    } finally {
      delete(directory);
      over.countDown();
    }
    System.exit(status);
  }

  private static int fail(String message, Path directory) {
    System.err.println("\nthe demo failed: " + message);
    try (var logs = Files.walk(directory)) {
      for (Path log : logs.filter(file -> file.endsWith("sidecar.log")).toList()) {
        List<String> lines = Files.readAllLines(log);
        System.err.println("\nlast lines of '" + directory.relativize(log) + "':");
        lines.subList(Math.max(0, lines.size() - 15), lines.size()).forEach(System.err::println);
      }
    } catch (IOException e) {
      System.err.println("the logs cannot be read: " + e.getMessage());
    }
    return 1;
  }

  /// A signal interrupts the story; what it opened is closed in order, as at its end.
  private static void endOrderlyOnSignal(Thread story, CountDownLatch over) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  story.interrupt();
                  try {
                    var _ = over.await(20, TimeUnit.SECONDS);
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                }));
  }

  private void play() throws InterruptedException {
    narrator.chapter("Two S3 stores, a Kubernetes API and a PostgreSQL, all on this machine");
    TestCertificates authority = TestCertificates.create();
    try (S3Server near = S3Server.start(authority, "backups-near");
        S3Server far = S3Server.start(TestCertificates.create(), "backups-far");
        KubernetesApiServer api = KubernetesApiServer.start(authority)) {
      narrator.say(
          "S3 'near' at https://%s, certificate of our own authority".formatted(near.endpoint()));
      narrator.say("S3 'far' at https://%s".formatted(far.endpoint()));
      Example stanza = stanza(near, far);
      api.apply(stanza.yaml());
      narrator.say("applied examples/%s to the API at %s".formatted(stanza.file(), api.url()));
      cluster(near, far, api);
    }
  }

  private static Example stanza(S3Server near, S3Server far) {
    return Example.of("stanza-demo.yaml")
        .with("<key>", near.accessKey())
        .with("<secret>", near.secretKey())
        .with("<certificate>", Example.quoted(near.certificates().caPem()))
        .with("s3.near.example.com", near.endpoint())
        .with("s3.far.example.com", far.endpoint());
  }

  /// The cluster of examples/cluster.yaml: one instance pod with its sidecar.
  private void cluster(S3Server near, S3Server far, KubernetesApiServer api)
      throws InterruptedException {
    Example example = Example.of("cluster.yaml");
    ClusterDefinition cluster =
        ClusterDefinition.of(example.yaml()).primary("cluster-demo-1").timeline(1);
    api.apply(cluster.json());
    Pod pod = new Pod("cluster-demo-1", directory.resolve("1"));
    try (Postgres postgres = Postgres.initdb(PostgresInstallation.NEWEST, pod.pgData());
        SidecarProcess sidecar = startSidecar(pod, SidecarMode.INSTANCE, cluster, postgres, api);
        InstanceManager manager = InstanceManager.start(pod, cluster)) {
      postgres.set("archive_mode", "on").set("archive_command", manager.archiveCommand());
      manager.markNewCluster();
      postgres.start();
      narrator.say("PostgreSQL %s runs".formatted(postgres.value("show server_version")));
      check(sidecar.isRunning(), "the sidecar ended");

      narrator.chapter("A table with 50,000 orders, and its WAL in both stores");
      postgres.execute(
          "create table orders as select n as id, (n * 7919) % 1000 as amount"
              + " from generate_series(1, 50000) as n");
      String segment = postgres.switchWal();
      postgres.waitForArchived(segment, PATIENCE);
      checkArchived(near, "backups-near", segment);
      checkArchived(far, "backups-far", segment);

      narrator.chapter("A full and an incremental backup");
      Example backup = Example.of("backup.yaml");
      backUp(manager, backup.with("backup-example", "backup-full").yaml());
      postgres.execute(
          "insert into orders select n, n % 1000 from generate_series(50001, 60000) as n");
      BackupResult incremental =
          backUp(
              manager,
              backup
                  .with("backup-example", "backup-incremental")
                  .with("backupType: full", "backupType: incr")
                  .yaml());
      check(incremental.getBackupId().endsWith("I"), "the second backup is not incremental");

      narrator.chapter("Business goes on, then somebody forgets a WHERE");
      postgres.execute("insert into orders select n, 42 from generate_series(60001, 61000) as n");
      String before = postgres.value(SUMMARY);
      String moment =
          postgres.value(
              "select to_char(clock_timestamp() at time zone 'UTC',"
                  + " 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')");
      narrator.say("%s at %s".formatted(before, moment));
      Thread.sleep(100);
      postgres.execute("delete from orders");
      narrator.say("delete from orders");
      postgres.execute("insert into orders values (99999, 1)");
      narrator.say("now: %s".formatted(postgres.value(SUMMARY)));
      postgres.waitForArchived(postgres.switchWal(), PATIENCE);

      restored(api, before, moment, postgres);
    }
  }

  private SidecarProcess startSidecar(
      Pod pod,
      SidecarMode mode,
      ClusterDefinition cluster,
      Postgres postgres,
      KubernetesApiServer api) {
    narrator.follow("sidecar of " + pod.name(), pod.directory().resolve("sidecar.log"));
    SidecarProcess sidecar =
        SidecarProcess.start(pod, pod.sidecarEnvironment(mode, cluster, postgres, api));
    narrator.say(
        "the sidecar of '%s' answers after %d ms"
            .formatted(pod.name(), sidecar.startDuration().toMillis()));
    return sidecar;
  }

  private void checkArchived(S3Server server, String bucket, String segment) {
    List<String> keys = server.keys(bucket).stream().filter(key -> key.contains(segment)).toList();
    check(!keys.isEmpty(), "segment '" + segment + "' is not in bucket '" + bucket + "'");
    narrator.say("in bucket '%s': %s".formatted(bucket, keys.getFirst()));
  }

  private BackupResult backUp(InstanceManager manager, String yaml) {
    BackupResult result = manager.backup(yaml);
    check(!result.getBackupId().isEmpty(), "the backup has no label");
    narrator.say(
        "backup %s, WAL %s to %s, LSN %s to %s"
            .formatted(
                result.getBackupId(),
                result.getBeginWal(),
                result.getEndWal(),
                result.getBeginLsn(),
                result.getEndLsn()));
    return result;
  }

  /// The cluster of examples/cluster-restored-time.yaml: a recovery job, then an instance.
  private void restored(KubernetesApiServer api, String expected, String moment, Postgres original)
      throws InterruptedException {
    narrator.chapter("Recovery into a new cluster, to the moment before");
    Example example = Example.of("cluster-restored-time.yaml").with("2026-11-22T07:26:56Z", moment);
    ClusterDefinition cluster = ClusterDefinition.of(example.yaml());
    api.apply(cluster.json());
    Pod pod = new Pod("cluster-restored-time-1-full-recovery", directory.resolve("2"));
    try (Postgres postgres = Postgres.existing(PostgresInstallation.NEWEST, pod.pgData())) {
      recover(api, cluster, pod, postgres);
      postgres.start();
      String actual = postgres.value(SUMMARY);
      narrator.say("restored: %s".formatted(actual));
      check(actual.equals(expected), "the restored rows differ; expected: " + expected);
      check(original.isRunning(), "the original PostgreSQL ended");
      narrator.say("every row is back, and the original still has its one order");
      theEnd(moment);
      if (keep) {
        play(original, postgres);
      }
    }
  }

  private void recover(
      KubernetesApiServer api, ClusterDefinition cluster, Pod pod, Postgres postgres) {
    try (SidecarProcess _ = startSidecar(pod, SidecarMode.RESTORE, cluster, postgres, api);
        InstanceManager manager = InstanceManager.start(pod, cluster)) {
      RestoreJob job = new RestoreJob(manager, postgres);
      job.restore();
      narrator.say("the data directory is restored; PostgreSQL replays WAL");
      job.recover();
      narrator.say(
          "PostgreSQL took %s from the archive and ended recovery".formatted(manager.restored()));
    }
  }

  private void theEnd(String moment) {
    narrator.chapter(
        "The same on Kubernetes is these files, with your own stores and keys in them:");
    for (String file : List.of("stanza-demo.yaml", "cluster.yaml", "backup.yaml")) {
      print(Example.of(file));
    }
    print(Example.of("cluster-restored-time.yaml").with("2026-11-22T07:26:56Z", moment));
    System.out.printf("%ndone in %d s%n", narrator.duration().toSeconds());
  }

  private static void print(Example example) {
    System.out.printf("%n# ---- examples/%s%n%s", example.file(), example.yaml());
  }

  private void play(Postgres original, Postgres restored) throws InterruptedException {
    System.out.printf(
        """

        All of it is still up, for you to play with:
          the original    psql 'host=127.0.0.1 port=%d user=postgres'
          the restored    psql 'host=127.0.0.1 port=%d user=postgres'
          its repositories, with the configuration the sidecar made:
                          %s --config=$(ls %s/*.conf) --stanza=main info
          what it said    %s/1/sidecar.log
        Press Enter to stop it, or send SIGTERM to process %d.
        """,
        original.port(),
        restored.port(),
        PgBackRestProgram.path(),
        directory.resolve("1/run"),
        directory,
        ProcessHandle.current().pid());
    narrator.close();
    var enter = new CountDownLatch(1);
    Thread.ofPlatform().daemon().start(() -> awaitEnter(enter));
    enter.await();
  }

  /// Without anybody at the keyboard only a signal ends the wait.
  private static void awaitEnter(CountDownLatch enter) {
    try {
      if (System.in.read() >= 0) {
        enter.countDown();
      }
    } catch (IOException noKeyboard) {
      return;
    }
  }

  private static void check(boolean holds, String message) {
    if (!holds) {
      throw new IllegalStateException(message);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
