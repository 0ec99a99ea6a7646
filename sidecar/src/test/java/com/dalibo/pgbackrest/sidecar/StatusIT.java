package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.sidecar.settings.SidecarSettings;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.status.RepositoryStatus;
import com.dalibo.pgbackrest.stanza.api.status.StanzaCondition;
import com.dalibo.pgbackrest.stanza.api.status.StanzaStatus;
import com.dalibo.pgbackrest.stanza.contract.SidecarEnvironment;
import com.dalibo.pgbackrest.stanza.contract.SidecarMode;
import com.dalibo.pgbackrest.testbed.cnpg.InstanceManager;
import com.dalibo.pgbackrest.testbed.cnpg.Pod;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What people read in the Stanza, while it is well and while it is not.
@Timeout(300)
class StatusIT {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @TempDir private Path directory;
  private TestInstance stage;

  @BeforeEach
  void begin() throws Exception {
    stage =
        new TestInstance(
            directory,
            TestInstance.archiving()
                .replace("stanzaRef: main", "stanzaRef: main, pluginConfigRef: tuned"));
    stage.applyStanza("main", stage.twoRepositories());
    stage.keepHouse();
    stage.startPostgres();
  }

  @AfterEach
  void end() {
    stage.close();
  }

  @Test
  void aStanzaIsReadyWhenTheClusterCouldBeRestored() throws Exception {
    stage.api.apply(
        """
        apiVersion: pgbackrest.dalibo.com/v1
        kind: Stanza
        metadata: {name: main}
        status:
          conditions:
            - {type: Valid, status: "True", reason: Valid, message: the stanza can be used}
        """);
    var segment = stage.postgres.switchWal();
    stage.postgres.waitForArchived(segment, MINUTE);
    await("Ready", "False", "NoBackup");
    assertThat(condition("Archiving").message()).isEqualTo("WAL is archived in every repository");

    var backup = stage.backup("backupType: full");
    await("Ready", "True", "Ready");

    var status = status();
    assertThat(condition("Valid").message()).isEqualTo("the stanza can be used");
    assertThat(status.reachableRepositories()).isEqualTo("2/2");
    assertThat(status.backupsCount().Full()).isEqualTo(1);
    assertThat(status.owner().cluster()).isEqualTo("demo");
    assertThat(status.pgBackRestVersion()).matches("2\\.\\d+\\.\\d+");
    assertThat(status.recoveryWindow().firstBackup().label()).isEqualTo(backup.getBackupId());
    assertThat(Instant.parse(status.lastBackupTime()))
        .isEqualTo(Instant.ofEpochSecond(backup.getStoppedAt()));
    assertThat(Instant.parse(status.latestRestorableTime()))
        .isAfterOrEqualTo(Instant.parse(status.lastBackupTime()));
    var first = repository(1);
    assertThat(first.stanzaCreated()).isTrue();
    assertThat(first.archiveMax()).isGreaterThanOrEqualTo(backup.getEndWal());
    assertThat(first.size()).isPositive();
    assertThat(first.walGaps()).isEmpty();
    assertThat(repository(2).lastBackup()).isNull();
    assertThat(events("Stanza"))
        .contains(
            "Normal StanzaCreated the stanza 'main' is in repository 2: s3://two/demo at"
                + " localhost");
  }

  @Test
  void anOwnerThatCouldNotBeRecordedIsRecordedLater() throws Exception {
    stage.api.forbid("/stanzas/main/status");
    stage.postgres.waitForArchived(stage.postgres.switchWal(), MINUTE);
    assertThat(stage.api.get("stanzas", "default", "main").orElseThrow().has("status")).isFalse();

    stage.api.heal();

    Eventually.until(
        "the owner is on record",
        () -> {
          stage.postgres.execute(
              "create table if not exists more (n int); insert into more values (1)");
          stage.postgres.waitForArchived(stage.postgres.switchWal(), MINUTE);
          var status =
              Stanza.parse(stage.api.get("stanzas", "default", "main").orElseThrow()).status();
          return status != null
              && status.owner() != null
              && "demo".equals(status.owner().cluster());
        });
  }

  @Test
  void walThatWaitsForARepositoryInTroubleIsNoGapInAnother() throws Exception {
    stage.backup("backupType: full");
    await("Ready", "True", "Ready");
    stage.otherS3.refuse();
    for (var n = 0; n < 3; n++) {
      stage.postgres.execute("create table held" + n + " (n int)");
      var _ = stage.postgres.switchWal();
    }

    var second = stage.backup("backupType: full");
    Eventually.until(
        "the backup is known",
        () -> second.getBackupId().equals(repository(1).lastBackup().label()));
    // Gaps are looked for every other second here.
    Thread.sleep(6000);
    assertThat(repository(1).walGaps()).isEmpty();
    assertThat(events("Stanza")).noneMatch(words -> words.contains("WALGap"));

    stage.otherS3.accept();
    stage.postgres.waitForArchived(second.getEndWal(), MINUTE.multipliedBy(2));
    await("Ready", "True", "Ready");
    assertThat(repository(1).walGaps()).isEmpty();
  }

  @Test
  void theLatestRestorableTimeFollowsTheArchive() throws Exception {
    stage.backup("backupType: full");
    await("Ready", "True", "Ready");
    var before = status().latestRestorableTime();

    Thread.sleep(1100);
    stage.postgres.execute("create table later (n int)");
    var written = Instant.now();
    stage.postgres.waitForArchived(stage.postgres.switchWal(), MINUTE);

    Eventually.until(
        "the time moves",
        () -> !Instant.parse(status().latestRestorableTime()).isBefore(written.minusSeconds(1)));
    assertThat(Instant.parse(status().latestRestorableTime()))
        .isAfter(Instant.parse(before))
        .isBeforeOrEqualTo(Instant.now());
  }

  @Test
  void aRepositoryThatIsDownIsSaidAndKeepsWhatWasKnown() throws Exception {
    var backup = stage.backup("backupType: full, selectedRepository: '2'");
    await("Ready", "True", "Ready");

    stage.otherS3.refuse();
    await("RepositoriesReachable", "False", "RepositoryUnreachable");

    assertThat(condition("RepositoriesReachable").message())
        .startsWith("repository 2 cannot be read: ")
        .contains("HostConnectError")
        .endsWith("or correct its host or port in the Stanza");
    await("Ready", "False", "RepositoryUnreachable");
    assertThat(status().reachableRepositories()).isEqualTo("1/2");
    assertThat(repository(2).lastBackup().label()).isEqualTo(backup.getBackupId());
    assertThat(repository(2).code()).isEqualTo(99);
    stage.postgres.switchWal();
    await("Archiving", "False", "ArchivingFails");
    assertThat(condition("Archiving").message())
        .contains("is not yet in repository 2 of stanza 'main'; PostgreSQL keeps it");

    stage.otherS3.accept();
    await("Ready", "True", "Ready");

    assertThat(condition("Archiving").status()).isEqualTo("True");
    Eventually.until(
        "all is told",
        () ->
            events("Cluster")
                .containsAll(
                    List.of(
                        "Normal RepositoryReachable stanza 'main': all 2 repositories answer",
                        "Normal ArchivingRecovered stanza 'main': WAL is archived in every"
                            + " repository")));
    assertThat(events("Cluster"))
        .anyMatch(
            event ->
                event.startsWith(
                    "Warning RepositoryUnreachable stanza 'main': repository 2 cannot be read"))
        .anyMatch(event -> event.startsWith("Warning ArchivingFails stanza 'main': WAL file"));
  }

  @Test
  void missingWalIsSaidWithItsNames() throws Exception {
    stage.backup("backupType: full");
    var lost = stage.postgres.switchWal();
    stage.postgres.waitForArchived(lost, MINUTE);
    stage.postgres.execute("create table more (n int)");
    stage.postgres.waitForArchived(stage.postgres.switchWal(), MINUTE);
    await("Ready", "True", "Ready");

    stage.s3.keys("one").stream()
        .filter(key -> key.contains(lost + "-"))
        .forEach(key -> stage.s3.delete("one", key));
    await("Ready", "False", "WALGap");

    assertThat(repository(1).walGaps()).containsExactly(lost);
    assertThat(condition("Ready").message())
        .isEqualTo(
            "repository 1 lacks WAL %s: recovery cannot pass it; take a new backup"
                .formatted(lost));
    assertThat(repository(1).latestRestorableTime()).isEqualTo(status().lastBackupTime());

    stage.backup("backupType: incr");
    await("Ready", "True", "Ready");

    assertThat(repository(1).walGaps()).containsExactly(lost);
    assertThat(condition("Ready").message())
        .contains("recovery from older backups cannot pass the gaps in 'walGaps'")
        .contains("repository 2 has no backup to restore from");
  }

  @Test
  void aSecretThatIsGoneIsSaid() throws Exception {
    stage.backup("backupType: full");
    await("Ready", "True", "Ready");

    stage.api.delete("secrets", "default", "s3-keys");
    await("Ready", "False", "SecretMissing");
    await("RepositoriesReachable", "Unknown", "SecretMissing");

    assertThat(condition("Ready").message()).contains("secret 's3-keys'");
    assertThat(repository(1).lastBackup()).isNotNull();
    stage.postgres.switchWal();
    await("Archiving", "False", "ArchivingFails");
  }

  @Test
  void whatOnlyPgBackRestCanRefuseIsSaid() throws Exception {
    stage.backup("backupType: full");
    await("Ready", "True", "Ready");

    stage.applyStanza("main", stage.twoRepositories(), "sck-keep-alive: maybe");
    await("Ready", "False", "ConfigurationRefused");

    assertThat(condition("Ready").message())
        .startsWith("pgbackrest refuses the configuration of the stanza 'main': ")
        .contains("sck-keep-alive");
    stage.postgres.switchWal();
    await("Archiving", "False", "ArchivingFails");
  }

  @Test
  void backupsAreToldOnTheirObjects() throws Exception {
    var backup = stage.backup("backupType: full");
    stage.s3.refuse();
    var failure = InstanceManager.failureOf(() -> stage.backup("backupType: incr"));

    assertThat(failure).contains("HostConnectError");
    Eventually.until("both are told", () -> events("Backup").size() == 2);
    assertThat(events("Backup"))
        .contains(
            "Normal BackupCompleted backup '%s' can be restored: it is in the repository with all WAL it needs"
                .formatted(backup.getBackupId()))
        .anyMatch(event -> event.startsWith("Warning BackupFailed "));
  }

  @Test
  void metricsAreOnAPortWhileThePluginConfigSaysSo() throws Exception {
    stage.backup("backupType: full");
    await("Ready", "True", "Ready");

    exporter(true);
    Eventually.until("the port is open", () -> !metrics().isEmpty());

    assertThat(metrics())
        .contains("pgbackrest_backup_since_last_completion_seconds{backup_type=\"full\"")
        .contains("pgbackrest_dalibo_com_stanza_condition{condition=\"Ready\"} 1");
    exporter(false);
    Eventually.until("the port is closed", () -> metrics().isEmpty());
  }

  @Test
  void anInspectionWritesWhatTheSidecarOfAnOwnerWouldWrite() throws Exception {
    var full = stage.backup("backupType: full").getBackupId();
    await("Ready", "True", "Ready");
    stage.applyStanza("other", stage.twoRepositories());

    inspect("other");

    var found = status("other");
    assertThat(found.repositories())
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("latestRestorableTime")
        .isEqualTo(status().repositories());
    assertThat(found.recoveryWindow()).isEqualTo(status().recoveryWindow());
    assertThat(found.reachableRepositories()).isEqualTo("2/2");
    assertThat(found.recoveryWindow().lastBackup().label()).isEqualTo(full);
    assertThat(found.owner()).isNull();
    assertThat(found.inspection().request()).isEqualTo("asked");
    assertThat(found.inspection().time()).isEqualTo(found.observedTime());
    assertThat(words("other", "Inspected")).startsWith("True Inspected the repositories were");
    assertThat(words("other", "Archiving")).isEqualTo("Unknown NoCluster no Cluster archives here");
    assertThat(words("other", "Ready"))
        .isEqualTo("True Ready no Cluster archives here, and there is a backup to restore from");
    assertThat(events("Stanza")).noneMatch(event -> event.contains("the stanza 'other'"));
  }

  @Test
  void anInspectionReportsAWrongKeyBeforeThereIsACluster() throws Exception {
    stage.applyStanza("other", stage.oneRepository());
    stage.applySecret("wrong");

    inspect("other");

    assertThat(words("other", "RepositoriesReachable"))
        .startsWith("False RepositoryUnreachable repository 1 cannot be read: ")
        .contains("SignatureDoesNotMatch", "; remedy: ");
    assertThat(words("other", "Ready")).startsWith("False RepositoryUnreachable ");
    assertThat(words("other", "Inspected")).startsWith("True Inspected ");
    assertThat(events("Stanza"))
        .anyMatch(event -> event.startsWith("Warning RepositoryUnreachable repository 1"));

    stage.applySecret(stage.s3.secretKey());
    inspect("other");

    assertThat(words("other", "RepositoriesReachable")).startsWith("True AllReachable ");
    assertThat(words("other", "Ready"))
        .isEqualTo(
            "Unknown NoCluster no Cluster archives here, and there is no backup to restore from");
  }

  @Test
  void anInspectionWritesNothingWhereAnOwnerHasCome() throws Exception {
    stage.applyStanza("other", stage.oneRepository());
    stage.api.delay("/secrets/s3-keys", Duration.ofSeconds(2));
    var inspection = Thread.ofVirtual().start(() -> inspectUnchecked("other"));
    Thread.sleep(1000);
    stage.api.apply(
        """
        apiVersion: pgbackrest.dalibo.com/v1
        kind: Stanza
        metadata: {name: other}
        status: {owner: {cluster: new, uid: u}}
        """);
    inspection.join();

    assertThat(status("other").inspection()).isNull();
    assertThat(status("other").repositories()).isNull();
  }

  @Test
  void anInspectionReportsAStanzaThatCannotBeUsed() throws Exception {
    stage.applyStanza("other", stage.oneRepository());
    stage.api.delete("secrets", "default", "s3-keys");

    inspect("other");

    assertThat(words("other", "Ready")).startsWith("False SecretMissing secret 's3-keys'");
    assertThat(words("other", "Inspected")).startsWith("Unknown SecretMissing ");
    assertThat(status("other").inspection().request()).isEqualTo("asked");
  }

  private void inspect(String stanza) throws Exception {
    var pod = new Pod("inspect", directory.resolve("inspection"));
    var environment =
        pod.sidecarEnvironment(SidecarMode.INSPECTION, stage.cluster, stage.postgres, stage.api);
    environment.put(SidecarEnvironment.STANZA_NAME, stanza);
    environment.put(SidecarEnvironment.INSPECTION_REQUEST, "asked");
    InspectionParts.run(SidecarSettings.from(environment), TestInstance.QUICK);
  }

  private void inspectUnchecked(String stanza) {
    try {
      inspect(stanza);
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  private StanzaStatus status(String stanza) throws Exception {
    return Stanza.parse(stage.api.get("stanzas", "default", stanza).orElseThrow()).status();
  }

  private String words(String stanza, String type) throws Exception {
    return status(stanza).conditions().stream()
        .filter(condition -> condition.type().equals(type))
        .map(
            condition ->
                "%s %s %s".formatted(condition.status(), condition.reason(), condition.message()))
        .findFirst()
        .orElse("");
  }

  private void exporter(boolean enabled) {
    stage.api.apply(
        """
        apiVersion: pgbackrest.dalibo.com/v1
        kind: PluginConfig
        metadata: {name: tuned}
        spec: {exporterConfig: {enabled: %s}}
        """
            .formatted(enabled));
  }

  /// Empty where nobody listens.
  private static String metrics() throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:9854/metrics")).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException nobody) {
      return "";
    }
  }

  private void await(String type, String status, String reason) throws Exception {
    try {
      Eventually.until(
          "%s is %s, %s".formatted(type, status, reason),
          () ->
              conditions().stream()
                  .anyMatch(
                      condition ->
                          condition.type().equals(type)
                              && condition.status().equals(status)
                              && reason.equals(condition.reason())));
    } catch (AssertionError late) {
      throw new AssertionError(late.getMessage() + " but " + conditions(), late);
    }
  }

  private List<String> events(String kind) {
    return stage.api.events().stream()
        .filter(
            event -> event.getAsJsonObject("involvedObject").get("kind").getAsString().equals(kind))
        .map(
            event ->
                "%s %s %s"
                    .formatted(text(event, "type"), text(event, "reason"), text(event, "message")))
        .toList();
  }

  private static String text(JsonObject event, String name) {
    return event.get(name).getAsString();
  }

  private StanzaCondition condition(String type) throws Exception {
    return conditions().stream()
        .filter(condition -> condition.type().equals(type))
        .findFirst()
        .orElseThrow();
  }

  private List<StanzaCondition> conditions() throws Exception {
    return Optional.ofNullable(status()).map(StanzaStatus::conditions).orElse(List.of());
  }

  private RepositoryStatus repository(int index) throws Exception {
    return new UserView(stage.api).repository(index).orElseThrow();
  }

  private StanzaStatus status() throws Exception {
    return Stanza.parse(stage.api.get("stanzas", "default", "main").orElseThrow()).status();
  }
}
