package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.sidecar.settings.Intervals;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The conditions of a Stanza, while it is well and while it is not.
@Timeout(300)
class ConditionsIT {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @TempDir private Path directory;
  @AutoClose private TestInstance stage;
  private UserView told;

  @BeforeEach
  void begin() throws Exception {
    stage = TestInstance.keepingHouse(directory, TestInstance.archiving());
    told = new UserView(stage.api);
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
    told.await("Ready", "False", "NoBackup");
    assertThat(told.message("Archiving")).isEqualTo("WAL is archived in every repository");

    var backup = stage.backup("backupType: full");
    told.await("Ready", "True", "Ready");

    var status = told.written();
    assertThat(told.message("Valid")).isEqualTo("the stanza can be used");
    assertThat(status.reachableRepositories()).isEqualTo("2/2");
    assertThat(status.backupsCount().Full()).isEqualTo(1);
    assertThat(status.owner().cluster()).isEqualTo("demo");
    assertThat(status.pgBackRestVersion()).matches("2\\.\\d+\\.\\d+");
    assertThat(status.recoveryWindow().firstBackup().label()).isEqualTo(backup.getBackupId());
    assertThat(Instant.parse(status.lastBackupTime()))
        .isEqualTo(Instant.ofEpochSecond(backup.getStoppedAt()));
    assertThat(Instant.parse(status.latestRestorableTime()))
        .isAfterOrEqualTo(Instant.parse(status.lastBackupTime()));
    var first = told.repository(1).orElseThrow();
    assertThat(first.stanzaCreated()).isTrue();
    assertThat(first.archiveMax()).isGreaterThanOrEqualTo(backup.getEndWal());
    assertThat(first.size()).isPositive();
    assertThat(first.walGaps()).isEmpty();
    assertThat(told.repository(2).orElseThrow().lastBackup()).isNull();
    assertThat(told.events("Stanza"))
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
  void aRepositoryThatIsDownIsSaidAndKeepsWhatWasKnown() throws Exception {
    var backup = stage.backup("backupType: full, selectedRepository: '2'");
    told.await("Ready", "True", "Ready");

    stage.otherS3.refuse();
    told.await("RepositoriesReachable", "False", "RepositoryUnreachable");

    assertThat(told.message("RepositoriesReachable"))
        .startsWith("repository 2 cannot be read: ")
        .contains("HostConnectError")
        .endsWith("or correct its host or port in the Stanza");
    told.await("Ready", "False", "RepositoryUnreachable");
    assertThat(told.written().reachableRepositories()).isEqualTo("1/2");
    assertThat(told.repository(2).orElseThrow().lastBackup().label())
        .isEqualTo(backup.getBackupId());
    assertThat(told.repository(2).orElseThrow().code()).isEqualTo(99);
    stage.postgres.switchWal();
    told.await("Archiving", "False", "ArchivingFails");
    assertThat(told.message("Archiving"))
        .contains("is not yet in repository 2 of stanza 'main'; PostgreSQL keeps it");

    stage.otherS3.accept();
    told.await("Ready", "True", "Ready");

    assertThat(told.condition("Archiving")).startsWith("True ");
    Eventually.until(
        "all is told",
        () ->
            told.events("Cluster")
                .containsAll(
                    List.of(
                        "Normal RepositoryReachable stanza 'main': all 2 repositories answer",
                        "Normal ArchivingRecovered stanza 'main': WAL is archived in every"
                            + " repository")));
    assertThat(told.events("Cluster"))
        .anyMatch(
            event ->
                event.startsWith(
                    "Warning RepositoryUnreachable stanza 'main': repository 2 cannot be read"))
        .anyMatch(event -> event.startsWith("Warning ArchivingFails stanza 'main': WAL file"));
  }

  @Test
  void aSecretThatIsGoneIsSaid() throws Exception {
    stage.backup("backupType: full");
    told.await("Ready", "True", "Ready");

    stage.api.delete("secrets", "default", "s3-keys");
    told.await("Ready", "False", "SecretMissing");
    told.await("RepositoriesReachable", "Unknown", "SecretMissing");

    assertThat(told.message("Ready")).contains("secret 's3-keys'");
    assertThat(told.repository(1).orElseThrow().lastBackup()).isNotNull();
    stage.postgres.switchWal();
    told.await("Archiving", "False", "ArchivingFails");
  }

  /// The next question is far away, and nothing is archived.
  @Test
  void aSecretThatIsGoneIsSaidBeforeACommandNeedsIt() throws Exception {
    stage.backup("backupType: full");
    told.await("Ready", "True", "Ready");
    stage.keepHouse(seldomAsking());
    told.await("Ready", "True", "Ready");
    stage.api.delete("secrets", "default", "s3-keys");

    told.await("Ready", "False", "SecretMissing");

    stage.applySecret(stage.s3.secretKey());
    told.await("Ready", "True", "Ready");
  }

  private static Intervals seldomAsking() {
    return new Intervals(
        TestInstance.QUICK.look(),
        Duration.ofHours(1),
        Duration.ofHours(1),
        TestInstance.QUICK.settle(),
        TestInstance.QUICK.deletion(),
        TestInstance.QUICK.verifyAgain(),
        TestInstance.QUICK.recordAgain(),
        TestInstance.QUICK.stall(),
        TestInstance.QUICK.walOfBackup(),
        TestInstance.QUICK.lockPause());
  }

  @Test
  void whatOnlyPgBackRestCanRefuseIsSaid() throws Exception {
    stage.backup("backupType: full");
    told.await("Ready", "True", "Ready");

    stage.applyStanza("main", stage.twoRepositories(), "sck-keep-alive: maybe");
    told.await("Ready", "False", "ConfigurationRefused");

    assertThat(told.message("Ready"))
        .startsWith("pgbackrest refuses the configuration of the stanza 'main': ")
        .contains("sck-keep-alive");
    stage.postgres.switchWal();
    told.await("Archiving", "False", "ArchivingFails");
  }
}
