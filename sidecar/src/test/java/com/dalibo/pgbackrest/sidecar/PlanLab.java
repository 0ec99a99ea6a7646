package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.postgres.Lsn;
import com.dalibo.pgbackrest.postgres.TimelineHistory;
import com.dalibo.pgbackrest.sidecar.settings.SidecarSettings;
import com.dalibo.pgbackrest.stanza.api.plan.RestorePlan;
import com.dalibo.pgbackrest.stanza.api.plan.RestorePlanStatus;
import com.dalibo.pgbackrest.stanza.api.status.StanzaCondition;
import com.dalibo.pgbackrest.stanza.contract.SidecarEnvironment;
import com.dalibo.pgbackrest.stanza.contract.SidecarMode;
import com.dalibo.pgbackrest.testbed.cnpg.ClusterDefinition;
import com.dalibo.pgbackrest.testbed.cnpg.CnpgVersion;
import com.dalibo.pgbackrest.testbed.cnpg.InstanceManager;
import com.dalibo.pgbackrest.testbed.cnpg.Pod;
import com.dalibo.pgbackrest.testbed.cnpg.RestoreJob;
import com.dalibo.pgbackrest.testbed.postgres.Postgres;
import com.dalibo.pgbackrest.testbed.postgres.PostgresInstallation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// A source with a history, the plans of restores from it, and what these restores come to.
final class PlanLab implements AutoCloseable {
  /// What PostgreSQL misses twice, the restore gives up.
  private static final int TRIES = 4;

  private static final Duration RECOVERY = Duration.ofSeconds(60);

  /// A row of the source, of which it is known when it was committed.
  record Row(int number, String xid, Instant committed, String position, int timeline) {}

  /// What a restore came to: the rows, or why it failed.
  record Truth(Optional<String> rows, String failure) {}

  /// Of the source before and after its upgrade.
  static final int OLDER = PostgresInstallation.NEWEST - 1;

  final TestCluster datacenter;
  final String name;
  final List<Row> rows = new ArrayList<>();
  private final Path directory;
  private final ClusterDefinition cluster;
  private Source source;
  private int number;
  private int restores;

  /// @param repositories in YAML
  PlanLab(TestCluster datacenter, String name, String... repositories) throws Exception {
    this(datacenter, name, PostgresInstallation.NEWEST, repositories);
  }

  /// @param major the version with which the source begins
  PlanLab(TestCluster datacenter, String name, int major, String... repositories) throws Exception {
    this.datacenter = datacenter;
    this.name = name;
    this.directory = datacenter.directory(name);
    datacenter.stanza(name, "options: {io-timeout: \"3s\"},", repositories);
    cluster = TestCluster.archiving(name, name).primary(name + "-1").timeline(1);
    source = source(major, "source");
  }

  private Source source(int major, String place) throws IOException {
    var pod = new Pod(name + "-1", directory.resolve(place));
    var initialised =
        Postgres.initdb(major, pod.pgData(), "--wal-segsize=1")
            .set("track_commit_timestamp", "on")
            .set("autovacuum", "off")
            .set("min_wal_size", "2MB");
    var started = new Source(datacenter, pod, cluster, initialised);
    started.postgres.execute("create table t (n int)");
    return started;
  }

  private RunningSidecar start(
      Pod pod, SidecarMode mode, ClusterDefinition cluster, Postgres itsPostgres)
      throws IOException {
    return SidecarMain.start(
        SidecarSettings.from(pod.sidecarEnvironment(mode, cluster, itsPostgres, datacenter.api)));
  }

  /// One more row, whose number is given.
  Row insert() {
    var n = ++number;
    source.postgres.execute("insert into t values (%d)".formatted(n));
    var found =
        source
            .postgres
            .query(
                """
                select xmin, extract(epoch from pg_xact_commit_timestamp(xmin)) * 1000000,
                  pg_current_wal_lsn(), substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)
                from t where n = %d
                """
                    .formatted(n))
            .getFirst();
    var micros = new java.math.BigDecimal(found.get(1)).longValue();
    var row =
        new Row(
            n,
            found.get(0),
            Instant.EPOCH.plus(micros, java.time.temporal.ChronoUnit.MICROS),
            found.get(2),
            Integer.parseInt(found.get(3), 16));
    rows.add(row);
    return row;
  }

  /// What `pg_upgrade` leaves for pgBackRest: another system identifier and version, on the first
  /// timeline. The rows of before are not in it.
  void upgrade() throws IOException {
    source.close();
    source = source(PostgresInstallation.NEWEST, "upgraded");
  }

  void restorePoint(String point) {
    source.postgres.execute("select pg_create_restore_point('%s')".formatted(point));
  }

  /// Takes a backup, and says its label.
  String backup(String type, int repository) {
    return source
        .backup(
            "b-" + UUID.randomUUID(),
            "backupType: %s, selectedRepository: \"%d\"".formatted(type, repository))
        .getBackupId();
  }

  /// Ends the segment, which is archived then, and everything before it.
  String archive() {
    return source.archive();
  }

  /// The next timeline begins where this one ends.
  void failOver(Postgres.Stop how) throws IOException {
    source.postgres.stop(how);
    promote();
  }

  /// The next timeline begins before what this one has still written and archived.
  ///
  /// @param more what is written on the timeline that is left
  void failOverLosing(Runnable more) throws IOException {
    source.postgres.stop();
    var copy = directory.resolve("copy");
    copy(source.postgres.dataDirectory(), copy);
    source.postgres.start();
    more.run();
    archive();
    source.postgres.stop();
    delete(source.postgres.dataDirectory());
    copy(copy, source.postgres.dataDirectory());
    delete(copy);
    promote();
  }

  /// Where a timeline left the one before.
  Lsn leftAt(int timeline) throws IOException {
    var file = source.postgres.walDirectory().resolve("%08X.history".formatted(timeline));
    return TimelineHistory.parse(timeline, Files.readString(file)).branches().getLast().end();
  }

  private void promote() throws IOException {
    Files.createFile(source.postgres.dataDirectory().resolve("standby.signal"));
    source.postgres.start();
    source.postgres.promote();
    source.postgres.waitForPromotion(Eventually.PATIENCE);
  }

  /// Removes a segment from a repository.
  void lose(String bucket, String segment) {
    datacenter.s3.keys(bucket).stream()
        .filter(key -> key.startsWith(name + "/") && key.contains("/archive/"))
        .filter(key -> key.substring(key.lastIndexOf('/') + 1).startsWith(segment + "-"))
        .forEach(key -> datacenter.s3.delete(bucket, key));
  }

  List<String> segments(String bucket) {
    return datacenter.segments(bucket, "/" + name);
  }

  /// Has a restore planned.
  ///
  /// @param spec members of the RestorePlan's, each with a comma after it
  RestorePlanStatus plan(String spec, String target) throws Exception {
    return plan(datacenter, directory, name, spec, target);
  }

  static RestorePlanStatus plan(
      TestCluster datacenter, Path directory, String stanza, String spec, String target)
      throws Exception {
    datacenter.api.delete("restoreplans", "default", "p");
    datacenter.api.apply(
        """
        {apiVersion: pgbackrest.dalibo.com/v1, kind: RestorePlan,
         metadata: {name: p, namespace: default, uid: u, generation: 1},
         spec: {stanzaRef: %s, %s recoveryTarget: {%s}}}
        """
            .formatted(stanza, spec, target));
    var pod = new Pod("plan", directory.resolve("plan"));
    var environment =
        pod.sidecarEnvironment(
            SidecarMode.PLAN,
            TestCluster.archiving("none", "none"),
            Postgres.existing(PostgresInstallation.NEWEST, pod.pgData()),
            datacenter.api);
    environment.put(SidecarEnvironment.PLAN_NAME, "p");
    environment.put(SidecarEnvironment.INSPECTION_REQUEST, "asked");
    try (var job = new JobParts(SidecarSettings.from(environment), TestInstance.QUICK)) {
      job.plan();
    }
    return RestorePlan.parse(datacenter.api.get("restoreplans", "default", "p").orElseThrow())
        .status();
  }

  static StanzaCondition possible(RestorePlanStatus plan) {
    return plan.conditions().getFirst();
  }

  static String words(RestorePlanStatus plan) {
    var condition = possible(plan);
    return "%s %s %s".formatted(condition.status(), condition.reason(), condition.message());
  }

  /// What the first try of a restore comes to.
  Truth restoreOnce(String target) throws Exception {
    return restore(recovering(target, PostgresInstallation.NEWEST), 1);
  }

  /// Restores, as often as CNPG would try it.
  ///
  /// @param major of the image
  Truth restore(String target, int major) throws Exception {
    return restore(recovering(target, major), major, TRIES);
  }

  private ClusterDefinition recovering(String target, int major) {
    return TestCluster.recovering(
        "%s-r%d".formatted(name, ++restores),
        name,
        target,
        "imageName: 'registry.example.com/postgresql:%d',".formatted(major));
  }

  Truth restore(ClusterDefinition cluster, int tries) throws Exception {
    return restore(cluster, PostgresInstallation.NEWEST, tries);
  }

  private Truth restore(ClusterDefinition cluster, int major, int tries) throws Exception {
    var place = directory.resolve(cluster.name());
    var pod = new Pod(cluster.name() + "-1-full-recovery", place);
    var restored = Postgres.existing(major, pod.pgData());
    var itsSidecar = start(pod, SidecarMode.RESTORE, cluster, restored);
    var itsManager = InstanceManager.start(pod, cluster, CnpgVersion.V1_30);
    try {
      var failure = "";
      for (var attempt = 0; attempt < tries; attempt++) {
        try {
          new RestoreJob(itsManager, restored).restore();
        } catch (RuntimeException refused) {
          return new Truth(Optional.empty(), String.valueOf(refused.getMessage()));
        }
        failure = recover(cluster, restored);
        if (failure.isEmpty()) {
          return new Truth(
              Optional.of(restored.value("select string_agg(n::text, ',' order by n) from t")), "");
        }
        if (failure.startsWith("waits")) {
          break;
        }
      }
      return new Truth(Optional.empty(), failure);
    } finally {
      restored.close();
      itsManager.close();
      itsSidecar.close();
      delete(place);
    }
  }

  /// Why PostgreSQL does not end its recovery; empty where it does.
  private String recover(ClusterDefinition cluster, Postgres restored) throws Exception {
    restored.launch();
    var deadline = Instant.now().plus(RECOVERY);
    while (Instant.now().isBefore(deadline)) {
      if (!restored.isRunning()) {
        return "exit code %d: %s".formatted(restored.waitForExit(), restored.lastLog(15));
      }
      try {
        if (!restored.isInRecovery()) {
          return "";
        }
      } catch (IllegalStateException notYet) {
        // It starts.
      }
      if (waits(cluster)) {
        restored.kill();
        return "waits";
      }
      Thread.sleep(50);
    }
    restored.kill();
    return "waits for ever: " + restored.lastLog(15);
  }

  private boolean waits(ClusterDefinition cluster) {
    return datacenter.api.events().stream()
        .filter(event -> event.get("reason").getAsString().equals("RecoveryWaits"))
        .anyMatch(
            event ->
                event
                    .getAsJsonObject("involvedObject")
                    .get("name")
                    .getAsString()
                    .equals(cluster.name()));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (var file : files.toList()) {
        Files.copy(
            file,
            to.resolve(from.relativize(file).toString()),
            java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  private static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (var files = Files.walk(directory)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  /// Nothing is written any more; what is archived stays.
  void stop() {
    source.postgres.stop();
  }

  @Override
  public void close() {
    source.close();
    try {
      delete(directory);
    } catch (IOException left) {
      throw new java.io.UncheckedIOException(left);
    }
  }
}
