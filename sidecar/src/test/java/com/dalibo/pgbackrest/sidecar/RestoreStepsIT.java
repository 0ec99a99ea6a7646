package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.cnpgi.proto.backup.BackupResult;
import com.dalibo.pgbackrest.sidecar.settings.SidecarSettings;
import com.dalibo.pgbackrest.stanza.contract.SidecarMode;
import com.dalibo.pgbackrest.testbed.cnpg.ClusterDefinition;
import com.dalibo.pgbackrest.testbed.cnpg.CnpgVersion;
import com.dalibo.pgbackrest.testbed.cnpg.InstanceManager;
import com.dalibo.pgbackrest.testbed.cnpg.Pod;
import com.dalibo.pgbackrest.testbed.cnpg.RestoreJob;
import com.dalibo.pgbackrest.testbed.kubernetes.KubernetesApiServer;
import com.dalibo.pgbackrest.testbed.postgres.Postgres;
import com.dalibo.pgbackrest.testbed.store.S3Server;
import com.dalibo.pgbackrest.testbed.tls.TestCertificates;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a restore refuses, cleans and falls back to. Row 1 is in the full backup, row 2 in the
/// incremental one, row 3 only in WAL. The source has its WAL on a volume of its own and settings
/// of a server that CNPG did not make.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(600)
class RestoreStepsIT {
  private static final int MAJOR = 17;
  private static final Duration SOON = Duration.ofMinutes(2);
  private static final String ARCHIVES_TO =
      "plugins: [{name: pgbackrest.dalibo.com, isWALArchiver: true, parameters: {stanzaRef: %s}}]";

  @TempDir static Path directory;

  private S3Server s3;
  private KubernetesApiServer api;
  private Postgres primary;
  private RunningSidecar sidecar;
  private InstanceManager manager;
  private BackupResult full;
  private BackupResult incremental;
  private String moment;
  private String last;
  private String afterTheLastRow;
  private Instant archivedUntil;
  private int restores;

  @BeforeAll
  void aClusterWithTwoBackups() throws Exception {
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
    sidecar = start(pod, SidecarMode.INSTANCE, cluster, primary);
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
  void aClusterThatWouldArchiveToItsSourceIsRefusedBeforeAnythingIsCopied() throws Exception {
    for (var own : new String[] {"main", "alias"}) {
      try (var restored = new Restored("main", ARCHIVES_TO.formatted(own), "")) {
        assertThatThrownBy(restored.job::restore)
            .hasMessageContaining("FAILED_PRECONDITION")
            .hasMessageContaining("must not archive to stanza '" + own + "'")
            .hasMessageContaining("the archive it was recovered from (stanza 'main')")
            .hasMessageContaining(
                "Give the cluster a Stanza of its own, with another repoPath or stanza name");
        assertThat(restored.pod.pgData()).doesNotExist();
      }
    }
  }

  @Test
  @Order(1)
  void anArchiveThatIsNotEmptyIsRefusedUnlessTheUserAcceptsIt() throws Exception {
    try (var restored = new Restored("main", ARCHIVES_TO.formatted("copied"), "")) {
      assertThatThrownBy(restored.job::restore)
          .hasMessageContaining("stanza 'copied' has 2 backups and WAL up to")
          .hasMessageContaining("annotate the Cluster with 'cnpg.io/skipEmptyWalArchiveCheck");
      assertThat(restored.pod.pgData()).doesNotExist();

      restored.cluster.annotate("cnpg.io/skipEmptyWalArchiveCheck", "enabled");
      restored.job.run();
      restored.postgres.start();
      assertThat(restored.rows()).isEqualTo("1,2,3");
    }
  }

  @Test
  @Order(2)
  void whatAKilledTryLeftBehindIsNoObstacle() throws Exception {
    try (var restored = new Restored("main", "walStorage: {size: 1Gi}", "")) {
      var wal = Files.createDirectories(restored.pod.directory().resolve("wal/pg_wal"));
      Files.writeString(wal.resolve("000000010000000000000002"), "half");
      Files.createDirectories(restored.pod.pgData().resolve("base/1"));
      Files.writeString(restored.pod.pgData().resolve("base/1/1249.pgbackrest.tmp"), "half");

      restored.job.run();
      restored.postgres.start();

      assertThat(restored.rows()).isEqualTo("1,2,3");
      assertThat(restored.pod.pgData().resolve("pg_wal")).isSymbolicLink();
    }
  }

  @Test
  @Order(2)
  void aRecoveryThatFailedAfterTheCopyGoesOnWithIt() throws Exception {
    try (var restored = new Restored("main", "walStorage: {size: 1Gi}", "")) {
      restored.job.restore();
      restored.killedInTheRecovery();
      var file = restored.file("global/pg_filenode.map");

      restored.job.run();
      restored.postgres.start();

      assertThat(restored.rows()).isEqualTo("1,2,3");
      assertThat(restored.file("global/pg_filenode.map")).isEqualTo(file);
      assertThat(names(restored.pod.pgData().getParent())).containsExactly("pgdata");
      assertThat(names(restored.pod.directory().resolve("wal"))).containsExactly("pg_wal");
    }
  }

  @Test
  @Order(2)
  void anotherTargetNeedsOnlyWhatTheEarlierCopyLacks() throws Exception {
    try (var restored = new Restored("main", "walStorage: {size: 1Gi}", "")) {
      restored.job.restore();
      restored.killedInTheRecovery();
      var file = restored.file("global/pg_filenode.map");
      Files.writeString(restored.pod.pgData().resolve("base/of-the-first-try"), "x");
      restored.cluster.recoveryTarget(
          "{targetImmediate: true, backupID: %s}".formatted(full.getBackupId()));

      restored.job.run();
      restored.postgres.start();

      assertThat(restored.rows()).isEqualTo("1");
      assertThat(restored.file("global/pg_filenode.map")).isEqualTo(file);
      assertThat(restored.pod.pgData().resolve("base/of-the-first-try")).doesNotExist();
      assertThat(names(restored.pod.pgData().getParent())).containsExactly("pgdata");
      assertThat(names(restored.pod.directory().resolve("wal"))).containsExactly("pg_wal");
    }
  }

  /// Nothing is copied beside it, for which there may be no room.
  @Test
  @Order(2)
  void whatFailedThreeTimesIsComparedAnew() throws Exception {
    try (var restored = new Restored("main", "walStorage: {size: 1Gi}", "")) {
      restored.job.restore();
      restored.killedInTheRecovery();
      var file = restored.file("global/pg_filenode.map");
      Files.writeString(restored.pod.pgData().resolve("base/of-the-first-try"), "x");
      var record = restored.pod.pgData().resolve("pgbackrest-plugin.restored");
      Files.writeString(record, Files.readString(record).replace("continued=0", "continued=3"));

      restored.job.run();
      restored.postgres.start();

      assertThat(restored.rows()).isEqualTo("1,2,3");
      assertThat(restored.pod.pgData().resolve("base/of-the-first-try")).doesNotExist();
      assertThat(restored.file("global/pg_filenode.map")).isEqualTo(file);
      assertThat(names(restored.pod.pgData().getParent())).containsExactly("pgdata");
      assertThat(names(restored.pod.directory().resolve("wal"))).containsExactly("pg_wal");
    }
  }

  /// CNPG could not configure the new cluster, say.
  @Test
  @Order(2)
  void nothingIsWrittenOverARecoveryThatWasComplete() throws Exception {
    try (var restored = new Restored("main", "instances: 1", "")) {
      restored.job.run();
      Files.writeString(restored.pod.pgData().resolve("of-the-first-try"), "x");

      restored.job.run();
      restored.postgres.start();

      assertThat(restored.rows()).isEqualTo("1,2,3");
      assertThat(restored.pod.pgData().resolve("of-the-first-try")).doesNotExist();
      var aside =
          names(restored.pod.pgData().getParent()).stream()
              .filter(name -> name.startsWith("pgdata_"))
              .toList();
      assertThat(aside).hasSize(1);
      assertThat(restored.pod.pgData().resolveSibling(aside.getFirst()).resolve("of-the-first-try"))
          .exists();
    }
  }

  @Test
  @Order(2)
  void aRecoveryThatPostgresqlEndsEachTimeIsReportedWithTheCommandThatShowsWhy() throws Exception {
    try (var restored = new Restored("main", "instances: 1", "")) {
      for (var tries = 0; tries < 2; tries++) {
        restored.job.restore();
        restored.postgres.append("custom.conf", "shared_preload_libraries = 'nowhere'");
        restored.postgres.launch();
        assertThat(restored.postgres.waitForExit()).isNotZero();
      }
      assertThat(restored.repetitions()).isEmpty();

      restored.job.restore();
      isReportedAsRepeated(restored, 2);
    }
  }

  private static void isReportedAsRepeated(Restored restored, int tries) throws Exception {
    Eventually.until("it is reported", () -> !restored.repetitions().isEmpty());
    assertThat(restored.repetitions())
        .singleElement()
        .asString()
        .startsWith(
            "the recovery of cluster '%s' was not completed in %d tries, and continues"
                .formatted(restored.cluster.name(), tries))
        .contains(
            "kubectl logs --namespace default --selector job-name=%s-1-full-recovery --container full-recovery"
                .formatted(restored.cluster.name()))
        .contains("Correct what it names");
  }

  @Test
  @Order(2)
  void aCopyThatWasKilledIsCompleted() throws Exception {
    try (var restored = new Restored("main", "walStorage: {size: 1Gi}", "")) {
      restored.job.restore();
      var file = restored.file("global/pg_filenode.map");
      var copy = restored.pod.pgData().resolveSibling("pgbackrest-plugin.copy");
      Files.move(restored.pod.pgData(), copy);
      Files.delete(copy.resolve("global/pg_control"));
      Files.delete(copy.resolve("global/1262"));

      restored.job.run();
      restored.postgres.start();

      assertThat(restored.rows()).isEqualTo("1,2,3");
      assertThat(restored.file("global/pg_filenode.map")).isEqualTo(file);
      assertThat(names(restored.pod.pgData().getParent())).containsExactly("pgdata");
    }
  }

  @Test
  @Order(2)
  void aTimeAfterTheLastTransactionUntilWhichEverythingIsArchivedIsTheEnd() throws Exception {
    for (var exclusive : new boolean[] {false, true}) {
      var target = "targetTime: '%s', exclusive: %s".formatted(archivedUntil, exclusive);
      try (var restored = new Restored("known", "instances: 1", target)) {
        restored.job.run();
        // What is archived from now on may be later than the target.
        assertThat(Files.readString(restored.pod.pgData().resolve("pgbackrest-plugin.restored")))
            .contains("stop=" + last.substring(0, 8));
        restored.postgres.start();

        assertThat(restored.rows()).isEqualTo("1,2,3");
      }
    }
  }

  @Test
  @Order(2)
  void aTargetBeyondTheArchiveIsRefusedBeforeTheCopy() throws Exception {
    var late = archivedUntil.plusSeconds(600);
    try (var restored = new Restored("known", "instances: 1", "targetTime: '" + late + "'")) {
      assertThatThrownBy(restored.job::restore)
          .hasMessageContaining("FAILED_PRECONDITION")
          .hasMessageContaining("the newest WAL segment '" + last + "' was archived at 20")
          .hasMessageContaining("nothing shows that stanza 'known' has everything until then")
          .hasMessageContaining("Set recoveryTarget.targetTime to '" + day(archivedUntil))
          .hasMessageContaining("or remove it to recover everything that is archived");
      assertThat(restored.pod.pgData()).doesNotExist();
      Eventually.until(
          "it is told",
          () ->
              new UserView(api)
                  .events("Cluster", "RecoveryTargetUnreachable").stream()
                      .anyMatch(words -> words.startsWith("the recovery cannot reach time ")));
    }
    try (var restored = new Restored("main", "instances: 1", "targetLSN: '7F/0'")) {
      assertThatThrownBy(restored.job::restore)
          .hasMessageContaining("the recovery cannot reach LSN 7F/0: the WAL in stanza 'main' ends")
          .hasMessageContaining("with segment '" + last + "', at LSN 0/")
          .hasMessageContaining("Set recoveryTarget.targetLSN to 0/");
      assertThat(restored.pod.pgData()).doesNotExist();
    }
  }

  @Test
  @Order(2)
  void aTimeUntilWhichNothingShowsThatAllIsArchivedIsRefusedAndNothingCopiedTwice()
      throws Exception {
    var target = "targetTime: '" + afterTheLastRow + "'";
    try (var restored = new Restored("main", "instances: 1", target)) {
      assertUnreachable(restored);
      var file = restored.file("global/pg_filenode.map");
      assertUnreachable(restored);
      restored.cluster.recoveryTarget("{backupID: ''}");

      restored.job.run();
      restored.postgres.start();

      assertThat(restored.rows()).isEqualTo("1,2,3");
      assertThat(restored.file("global/pg_filenode.map")).isEqualTo(file);
    }
  }

  private void assertUnreachable(Restored restored) {
    assertThatThrownBy(restored.job::restore)
        .hasMessageContaining("FAILED_PRECONDITION")
        .hasMessageContaining("the recovery cannot reach time " + afterTheLastRow.substring(0, 19))
        .hasMessageContaining(
            "the last transaction in the archived WAL, in segment '" + last + "', ended at 20")
        .hasMessageContaining("nothing is copied twice");
  }

  @Test
  @Order(2)
  void aTransactionThatIsNotReachedIsLookedForTwiceOnOneCopy() throws Exception {
    var target = "targetXID: '999999', backupID: " + full.getBackupId();
    try (var restored = new Restored("main", "walStorage: {size: 1Gi}", target)) {
      for (var tries = 0; tries < 2; tries++) {
        restored.job.restore();
        restored.postgres.launch();
        assertThat(restored.postgres.waitForExit()).isNotZero();
      }
      var file = restored.file("global/pg_filenode.map");

      assertThatThrownBy(restored.job::restore)
          .hasMessageContaining("FAILED_PRECONDITION")
          .hasMessageContaining(
              "the recovery from backup '%s' came to the end of the archived WAL without reaching transaction 999999"
                  .formatted(full.getBackupId()))
          .hasMessageContaining("the next try continues with what has been copied");
      assertThat(restored.file("global/pg_filenode.map")).isEqualTo(file);
    }
  }

  @Test
  @Order(8)
  void aTablespaceThatOnlyTheWalKnowsIsNamedWithTheRemedy() throws Exception {
    var place = directory.resolve("x/tablespaces/late/data");
    primary.execute(
        "create tablespace late location '%s'".formatted(Files.createDirectories(place)));
    primary.waitForArchived(primary.switchWal(), SOON);
    primary.execute("drop tablespace late");
    Files.delete(place);
    try (var restored = new Restored("main", "instances: 1", "")) {
      restored.job.restore();
      restored.postgres.launch();
      assertThat(restored.postgres.waitForExit()).isNotZero();

      assertThatThrownBy(restored.job::restore)
          .hasMessageContaining("FAILED_PRECONDITION")
          .hasMessageContaining(
              "the WAL creates the tablespace 'late' at '%s', and there is no such directory"
                  .formatted(place))
          .hasMessageContaining("with 'late' in spec.tablespaces");
    }
  }

  private static String day(Instant instant) {
    return instant.toString().substring(0, 10);
  }

  private static List<String> names(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  @Order(2)
  void aLinkToAWalVolumeBecomesADirectoryWhereThereIsNoSuchVolume() throws Exception {
    try (var restored = new Restored("main", "instances: 1", "")) {
      restored.job.run();
      restored.postgres.start();

      assertThat(restored.rows()).isEqualTo("1,2,3");
      assertThat(restored.pod.pgData().resolve("pg_wal"))
          .isDirectory()
          .satisfies(wal -> assertThat(Files.isSymbolicLink(wal)).isFalse());
    }
  }

  @Test
  @Order(2)
  void aTimeWithoutAZoneIsRefusedWhereTheClusterBringsAZoneOfItsOwn() throws Exception {
    try (var restored = new Restored("main", "instances: 1", "targetTime: '" + moment + "'")) {
      assertThatThrownBy(restored.job::restore)
          .hasMessageContaining("FAILED_PRECONDITION")
          .hasMessageContaining("recoveryTarget.targetTime '" + moment + "' has no time zone")
          .hasMessageContaining("add the zone, such as '+00:00'");
    }
    try (var restored = new Restored("main", "instances: 1", "targetTime: '" + moment + "+00'")) {
      restored.job.run();
      restored.postgres.start();

      assertThat(restored.rows()).isEqualTo("1,2");
    }
  }

  @Test
  @Order(2)
  void aReplicaClusterStartsFromSettingsWithoutAnEarlierRecovery() throws Exception {
    try (var restored = new Restored("main", "replica: {enabled: true, source: o}", "")) {
      restored.job.run();

      // pgBackRest turns a target into a comment by itself.
      assertThat(Files.readAllLines(restored.pod.pgData().resolve("postgresql.auto.conf")))
          .filteredOn(line -> !line.startsWith("#"))
          .containsExactly("work_mem = '7MB'", "timezone = 'Pacific/Auckland'");
      assertThat(restored.pod.pgData().resolve("recovery.signal")).doesNotExist();
    }
  }

  @Test
  @Order(2)
  void aBackupOfAnotherMajorVersionIsRefusedBeforeItIsCopied() throws Exception {
    try (var restored =
        new Restored("main", "imageName: 'ghcr.io/cloudnative-pg/postgresql:13'", "")) {
      assertThatThrownBy(restored.job::restore)
          .hasMessageContaining("FAILED_PRECONDITION")
          .hasMessageMatching(
              "(?s).*backup '.*' is of PostgreSQL (\\d+), and cluster '.*' has an image of PostgreSQL 13, which cannot run it:"
                  + " give the new cluster an image of PostgreSQL \\1, and upgrade it afterwards.*");
      assertThat(restored.pod.pgData()).doesNotExist();
    }
  }

  @Test
  @Order(3)
  void aBackupWithoutItsManifestIsPassedOver() throws Exception {
    var manifests =
        s3.keys("two").stream()
            .filter(key -> key.contains(incremental.getBackupId() + "/backup.manifest"))
            .toList();
    assertThat(manifests).hasSize(2);
    manifests.forEach(key -> s3.delete("two", key));
    try (var restored = new Restored("copied", "instances: 1", "")) {
      restored.job.run();
      restored.postgres.start();

      assertThat(restored.rows()).isEqualTo("1,2,3");
      Eventually.until(
          "it is told",
          () ->
              new UserView(api)
                  .events("Cluster", "BackupUnusable")
                  .contains(
                      "backup '%s' cannot be used: its 'backup.manifest' is not in repository 1 of stanza 'copied'. Recovery starts from backup '%s' in repository 1 instead"
                          .formatted(incremental.getBackupId(), full.getBackupId())));
    }
    try (var restored =
        new Restored("copied", "instances: 1", "backupID: " + incremental.getBackupId())) {
      assertThatThrownBy(restored.job::restore)
          .hasMessageContaining("FAILED_PRECONDITION")
          .hasMessageContaining(
              "no backup of stanza 'copied' can be used: backup '%s' cannot be used: its 'backup.manifest' is not in repository 1"
                  .formatted(incremental.getBackupId()));
    }
    manifests.forEach(key -> s3.put("two", key, s3.get("one", key)));
  }

  @Test
  @Order(4)
  void aBackupWithoutItsWalIsRefusedUnlessRecoveryEndsWithItsBackup() throws Exception {
    s3.keys("two").stream()
        .filter(key -> key.contains(incremental.getBeginWal() + "-"))
        .forEach(key -> s3.delete("two", key));

    try (var restored = new Restored("copied", "instances: 1", "")) {
      assertThatThrownBy(restored.job::restore)
          .hasMessageContaining("FAILED_PRECONDITION")
          .hasMessageContaining(
              "'" + incremental.getBeginWal() + "' first, are missing in all repositories")
          .hasMessageContaining(
              "Recovery from the older backup '"
                  + full.getBackupId()
                  + "' would reach the same gap; to recover up to the gap, set backupID to that backup");
    }
    try (var restored = new Restored("copied", "instances: 1", "targetImmediate: true")) {
      restored.job.run();
      restored.postgres.start();

      assertThat(restored.rows()).isEqualTo("1");
      Eventually.until("it is told", () -> api.events().toString().contains("BackupUnusable"));
      assertThat(api.events().toString())
          .contains(
              "Recovery starts from backup '" + full.getBackupId() + "' in repository 1 instead");
    }
    try (var restored =
        new Restored("copied", "instances: 1", "backupID: " + incremental.getBackupId())) {
      assertThatThrownBy(restored.job::restore)
          .hasMessageContaining("FAILED_PRECONDITION")
          .hasMessageContaining("backup '" + incremental.getBackupId() + "' cannot be used");
    }
  }

  @Test
  @Order(5)
  void aHoleInTheWalIsNotItsEnd() throws Exception {
    var missing = incremental.getBeginWal();
    var key = s3.keys("one").stream().filter(name -> name.contains(missing + "-")).findFirst();
    try (var restored = waitingBefore(missing)) {
      s3.put("two", key.orElseThrow(), s3.get("one", key.orElseThrow()));
      restored.postgres.waitForPromotion(SOON);
      assertThat(restored.rows()).isEqualTo("1,2,3");
    }
    s3.delete("two", key.orElseThrow());
    isToldThatTheTargetIsBeyond(missing);
    try (var restored = waitingBefore(missing)) {
      var accepting = restored.cluster.json();
      var annotations = new JsonObject();
      annotations.addProperty("pgbackrest.dalibo.com/acceptMissingWAL", missing);
      accepting.getAsJsonObject("metadata").add("annotations", annotations);
      api.apply(accepting);
      restored.postgres.waitForPromotion(SOON);
      assertThat(restored.rows()).isEqualTo("1,2");
    }
  }

  @Test
  @Order(6)
  void anArchiveThatEndsWithinItsNewestBackupIsRestoredFromTheOneBefore() throws Exception {
    // As when the cluster was deleted while it was backed up.
    s3.keys("two").stream()
        .filter(key -> key.matches(".*/0{7}1[0-9A-F]{16}-.*"))
        .filter(
            key ->
                key.substring(key.lastIndexOf('/') + 1).compareTo(incremental.getBeginWal()) >= 0)
        .forEach(key -> s3.delete("two", key));

    try (var restored = new Restored("copied", "instances: 1", "")) {
      restored.job.run();
      restored.postgres.start();

      assertThat(restored.rows()).isEqualTo("1,2");
    }
  }

  private void isToldThatTheTargetIsBeyond(String missing) throws Exception {
    var far = "backupID: " + full.getBackupId() + ", targetXID: '999999'";
    try (var restored = new Restored("copied", "instances: 1", far)) {
      restored.job.restore();
      restored.postgres.launch();
      assertThat(restored.postgres.waitForExit()).isNotZero();
      assertThat(new UserView(api).events("Cluster", "RecoveryTargetAtRisk"))
          .anyMatch(
              words ->
                  words.startsWith(
                          "WAL file '%s' is in no repository, though later".formatted(missing))
                      && words.contains(
                          "If the target of the recovery is not before it, PostgreSQL fails"));
    }
  }

  private Restored waitingBefore(String segment) throws Exception {
    var restored = new Restored("copied", "instances: 1", "backupID: " + full.getBackupId());
    restored.job.restore();
    Eventually.until(
        "the hole is told before recovery comes to it",
        () ->
            new UserView(api)
                .events("Cluster", "RecoveryTargetAtRisk").stream()
                    .anyMatch(
                        words ->
                            words.startsWith(
                                    "recovery from backup '%s' will reach WAL file '%s' and wait"
                                        .formatted(full.getBackupId(), segment))
                                && words.endsWith(
                                    " %s pgbackrest.dalibo.com/acceptMissingWAL=%s"
                                        .formatted(restored.cluster.name(), segment))));
    restored.postgres.launch();
    Eventually.until(
        "recovery waits",
        () ->
            new UserView(api)
                .events("Cluster", "RecoveryWaits").stream()
                    .anyMatch(
                        words ->
                            words.contains("recovery waits for WAL file '%s'".formatted(segment))
                                && words.contains("but later WAL is ('00000001")
                                && words.endsWith(
                                    "kubectl annotate cluster --namespace default %s pgbackrest.dalibo.com/acceptMissingWAL=%s"
                                        .formatted(restored.cluster.name(), segment))));
    assertThat(restored.pod.pgData().resolve("recovery.signal")).exists();
    return restored;
  }

  @Test
  @Order(7)
  void timelinesAreFollowedWhereCnpgAsksForNoHistory() throws Exception {
    primary.execute("alter system reset all");
    primary.set("restore_command", "false");
    for (var row : new int[] {20, 30}) {
      primary.stop();
      Files.createFile(primary.dataDirectory().resolve("recovery.signal"));
      primary.start();
      primary.waitForPromotion(SOON);
      primary.execute("insert into t values (%d)".formatted(row));
      primary.waitForArchived(primary.switchWal(), SOON);
    }

    try (var restored = new Restored("main", "instances: 1", "", CnpgVersion.V1_29)) {
      restored.job.restore();
      assertThat(restored.pod.pgData().resolve("pg_wal/00000002.history")).isNotEmptyFile();
      assertThat(restored.pod.pgData().resolve("pg_wal/00000003.history")).isNotEmptyFile();
      restored.job.recover();
      restored.postgres.start();
      assertThat(restored.rows()).isEqualTo("1,2,3,20,30");
    }
    try (var restored = new Restored("main", "instances: 1", "targetTLI: '2'", CnpgVersion.V1_29)) {
      restored.job.restore();
      assertThat(restored.pod.pgData().resolve("pg_wal/00000002.history")).isNotEmptyFile();
      assertThat(restored.pod.pgData().resolve("pg_wal/00000003.history")).doesNotExist();
      restored.job.recover();
      restored.postgres.start();
      assertThat(restored.rows()).isEqualTo("1,2,3,20");
    }
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

  private RunningSidecar start(
      Pod pod, SidecarMode mode, ClusterDefinition cluster, Postgres postgres) throws Exception {
    return SidecarMain.start(
        SidecarSettings.from(pod.sidecarEnvironment(mode, cluster, postgres, api)));
  }

  private final class Restored implements AutoCloseable {
    private final Pod pod;
    private final ClusterDefinition cluster;
    private final Postgres postgres;
    private final InstanceManager manager;
    private final RestoreJob job;
    private final RunningSidecar sidecar;

    Restored(String source, String more, String target) throws Exception {
      this(source, more, target, CnpgVersion.V1_30);
    }

    Restored(String source, String more, String target, CnpgVersion version) throws Exception {
      var name = "r" + ++restores;
      cluster =
          ClusterDefinition.of(
              """
              apiVersion: postgresql.cnpg.io/v1
              kind: Cluster
              metadata: {name: %s}
              spec: {%s, bootstrap: {recovery: {source: o, recoveryTarget: {%s}}},
                externalClusters: [{name: o, plugin: {name: pgbackrest.dalibo.com, parameters: {stanzaRef: %s}}}]}
              """
                  .formatted(name, more, target, source));
      pod = new Pod(name + "-1-full-recovery", directory.resolve(name));
      Files.createDirectories(pod.directory().resolve("wal"));
      postgres = Postgres.existing(MAJOR, pod.pgData());
      sidecar = start(pod, SidecarMode.RESTORE, cluster, postgres);
      manager = InstanceManager.start(pod, cluster, version);
      job = new RestoreJob(manager, postgres);
    }

    /// Which file it is, whatever its name.
    private Object file(String name) throws IOException {
      return Files.readAttributes(pod.pgData().resolve(name), BasicFileAttributes.class).fileKey();
    }

    /// By the kernel, say, before it is over.
    private void killedInTheRecovery() throws Exception {
      s3.faults().failWhere(request -> request.contains(last));
      postgres.launch();
      Eventually.until(
          "recovery has begun", () -> Files.notExists(pod.pgData().resolve("backup_label")));
      postgres.kill();
      s3.faults().heal();
    }

    private List<String> repetitions() {
      return new UserView(api)
          .events("Cluster", "RecoveryRepeated").stream()
              .filter(words -> words.contains("cluster '%s' was not".formatted(cluster.name())))
              .toList();
    }

    private String rows() {
      return postgres.value("select string_agg(n::text, ',' order by n) from t");
    }

    @Override
    public void close() {
      postgres.close();
      manager.close();
      sidecar.close();
    }
  }
}
