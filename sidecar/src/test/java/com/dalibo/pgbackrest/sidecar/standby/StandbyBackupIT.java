package com.dalibo.pgbackrest.sidecar.standby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.cnpgi.proto.backup.BackupResult;
import com.dalibo.pgbackrest.command.BackupCommand;
import com.dalibo.pgbackrest.command.PgBackRest;
import com.dalibo.pgbackrest.info.BackupType;
import com.dalibo.pgbackrest.process.ProgramRunner;
import com.dalibo.pgbackrest.sidecar.Eventually;
import com.dalibo.pgbackrest.sidecar.Instance;
import com.dalibo.pgbackrest.sidecar.TestCluster;
import com.dalibo.pgbackrest.sidecar.TestInstance;
import com.dalibo.pgbackrest.sidecar.TestMember;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.status.BackupSummary;
import com.dalibo.pgbackrest.stanza.api.status.RecoveryWindow;
import com.dalibo.pgbackrest.stanza.api.status.StanzaStatus;
import com.dalibo.pgbackrest.testbed.cnpg.ClusterDefinition;
import com.dalibo.pgbackrest.testbed.postgres.PostgresInstallation;
import com.dalibo.pgbackrest.testbed.program.PgBackRestProgram;
import com.dalibo.pgbackrest.testbed.tls.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Backups that CNPG asks a standby for: two instances with their sidecars, pgBackRest's TLS
/// protocol between them.
@Timeout(600)
class StandbyBackupIT {
  private static final int MAJOR = PostgresInstallation.NEWEST;
  private static final TestCertificates CERTIFICATES = TestCertificates.create();

  @TempDir private Path directory;
  private final Map<String, TestMember> members = new HashMap<>();
  private TestCluster datacenter;
  private ClusterDefinition cluster;
  private TestMember primary;
  private TestMember standby;

  @BeforeEach
  void begin() throws Exception {
    datacenter = new TestCluster(directory, "repo");
    datacenter.stanza(
        "s", "processMax: 2, startFast: true,", datacenter.repository("repo", "/r", ""));
    cluster = TestCluster.archiving("c", "s");
    // Tests of other trees may run on this machine, and the port is the same for all.
    var network = new SecureRandom();
    var prefix = "127.%d.%d.".formatted(1 + network.nextInt(254), network.nextInt(256));
    primary = TestMember.primary(datacenter, cluster, MAJOR, prefix + "1", members);
    primary.postgres.execute(
        "create table t as select n, repeat('x', 900) as filling from generate_series(1, 3000) n");
    standby = primary.standby(prefix + "2");
    var key = replicationKey();
    primary.giveKey(key);
    standby.giveKey(key);
    archiveAll();
    Eventually.until("both serve", () -> primary.isServing() && standby.isServing());
  }

  @AfterEach
  void end() {
    datacenter.s3.faults().heal();
    members.values().forEach(TestMember::close);
    datacenter.close();
  }

  @Test
  void theFilesAreReadFromTheStandbyAndTheBackupIsRestored() throws Exception {
    var file =
        primary.pod.pgData().resolve(primary.postgres.value("select pg_relation_filepath('t')"));
    primary.postgres.execute("checkpoint");
    caughtUp();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));

    var result = standby.backup("b");

    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertThat(result.getBackupId()).endsWith("F");
    assertThat(result.getInstanceId()).isEqualTo("c-2");
    assertThat(datacenter.segments("repo", "/r"))
        .contains(result.getBeginWal(), result.getEndWal());
    primary.postgres.execute("insert into t values (0, '')");
    archiveAll();
    try (var restored = recovery().recovered()) {
      assertThat(restored.postgres.value("select count(*) from t")).isEqualTo("3001");
    }
  }

  @Test
  void aServerThatHangsIsStartedAgainAndTheBackupWaitsForIt() throws Exception {
    var configuration = primary.pod.runDirectory().resolve("server.conf").toString();
    var server =
        ProcessHandle.current()
            .descendants()
            .filter(process -> commandLine(process).contains("server\0--config=" + configuration))
            .findFirst()
            .orElseThrow();
    new ProcessBuilder("kill", "-STOP", Long.toString(server.pid())).start().waitFor();

    assertThat(standby.backup("b").getBackupId()).endsWith("F");

    assertThat(server.isAlive()).isFalse();
  }

  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc/%d/cmdline".formatted(process.pid())));
    } catch (IOException _) {
      return "";
    }
  }

  @Test
  void theStatusHasTheBackupThoughThePrimaryDidNotTakeIt() throws Exception {
    var elsewhere = cluster.json();
    elsewhere.getAsJsonObject("status").addProperty("currentPrimary", "c-9");
    datacenter.api.apply(elsewhere);

    var result = standby.backup("b");

    Eventually.until(
        "the standby writes what it knows",
        () ->
            Optional.ofNullable(
                    Stanza.parse(datacenter.api.get("stanzas", "default", "s").orElseThrow())
                        .status())
                .map(StanzaStatus::recoveryWindow)
                .map(RecoveryWindow::lastBackup)
                .map(BackupSummary::label)
                .filter(result.getBackupId()::equals)
                .isPresent());
  }

  @Test
  void aBackupThatWalNeverReachesFails() {
    primary.postgres.set("archive_command", "false").reload();

    assertThatThrownBy(() -> standby.backup("b"))
        .hasMessageContaining("FAILED_PRECONDITION")
        .hasMessageContaining("of cluster 'c' cannot be restored: WAL segment '0000")
        .hasMessageContaining("did not arrive in repository 1 of stanza 's' within 15 s");
  }

  @Test
  void whoHasNoCertificateOfTheClusterIsNotServed() throws Exception {
    var _ = standby.backup("b");
    var mine = primary.pod.runDirectory().resolve("peer");

    var foreign = replicationKey();
    assertThatThrownBy(() -> backup(foreign.certificatePem(), foreign.keyPem()))
        .hasMessageContaining("unable to check pg2: [ServiceError]")
        .hasMessageContaining("unknown ca");
    var key = ReplicationKey.read(standby.pod.certificateDirectory());
    // A Cluster that was given the same key by its users, and has another name.
    var neighbour = PeerIdentity.issue(key, "d", List.of(), Instant.now());
    assertThatThrownBy(() -> backup(neighbour.certificate().text(), neighbour.key().text()))
        .hasMessageContaining("unable to check pg2: [ServiceError]")
        .hasMessageContaining("unknown ca");
    assertThat(Files.getPosixFilePermissions(mine.resolve("tls.key")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void anotherKeyThanThePrimarysIsSaid() throws Exception {
    standby.giveKey(replicationKey());

    assertThatThrownBy(() -> standby.backup("b"))
        .hasMessageContaining("UNAVAILABLE")
        .hasMessageContaining(
            "backup 'b' of cluster 'c' in repository 1 of stanza 's' failed on the standby 'c-2'; the sidecar of the"
                + " primary shows the certificate of another key")
        .hasMessageContaining("create a new Backup in a minute");
    assertThat(standby.programs(" backup ")).isEmpty();
  }

  @Test
  void aNewKeyOfTheClusterIsFollowedWithoutARestart() throws Exception {
    var server = primary.programs("server.conf").getFirst();
    var key = replicationKey();
    standby.giveKey(key);
    primary.giveKey(key);

    assertThat(standby.backup("b").getBackupId()).endsWith("F");
    assertThat(server.isAlive()).isTrue();
  }

  @Test
  void aServerThatWasKilledIsThereAgainForTheNextBackup() throws Exception {
    var server = primary.programs("server.conf").getFirst();
    server.destroyForcibly();
    server.onExit().get(1, TimeUnit.MINUTES);

    assertThat(standby.backup("b").getBackupId()).endsWith("F");
    primary.stopSidecar();
    Eventually.until("it serves no more", () -> !primary.isServing());
    primary.startSidecar();
  }

  @Test
  void aClusterOfOneInstanceIsServedWhenItGetsAnother() throws Exception {
    primary.stopSidecar();
    Eventually.until("it serves no more", () -> !primary.isServing());
    instances(1);
    datacenter.api.forgetRequests();
    primary.startSidecar(TestInstance.QUICK);
    Eventually.until(
        "it has looked and looks again",
        () ->
            datacenter.api.requests().stream()
                    .filter(asked -> asked.contains("/clusters/c"))
                    .count()
                > 4);
    assertThat(primary.isServing()).isFalse();

    instances(2);

    Eventually.until("it serves", primary::isServing);
    assertThat(standby.backup("b").getBackupId()).endsWith("F");
  }

  private void instances(int number) {
    var now = cluster.json();
    now.getAsJsonObject("spec").addProperty("instances", number);
    datacenter.api.apply(now);
  }

  @Test
  void whatIsMissingIsNamedWithTheRemedy() throws Exception {
    primary.stopSidecar();
    assertThatThrownBy(() -> standby.backup("b"))
        .hasMessageContaining("FAILED_PRECONDITION")
        .hasMessageContaining(
            "the sidecar of the primary 'c-1' cannot be reached at %s, port 8432 (Connection refused)"
                .formatted(primary.address))
        .hasMessageContaining("allow TCP to this port between the pods of the Cluster");
    primary.startSidecar();

    Files.delete(standby.pod.certificateDirectory().resolve("streaming_replica.key"));
    assertThatThrownBy(() -> standby.backup("b"))
        .hasMessageContaining("FAILED_PRECONDITION")
        .hasMessageContaining("streaming_replica.key' cannot be read (NoSuchFileException")
        .hasMessageContaining("status.certificates.replicationTLSSecret of the Cluster");
  }

  @Test
  void onlyOneBackupRunsAtATimeWhicheverPodIsAsked() throws Exception {
    caughtUp();
    var ofStandby = held(standby);

    assertThatThrownBy(() -> primary.backup("second"))
        .hasMessageContaining("UNAVAILABLE")
        .hasMessageContaining(
            "backup 'second' of cluster 'c' in repository 1 was not started: another pgbackrest")
        .hasMessageContaining("of this instance or of a standby, holds the lock of stanza 's'");
    datacenter.s3.faults().heal();
    assertThat(ofStandby.get(Eventually.PATIENCE.toSeconds(), TimeUnit.SECONDS).getBackupId())
        .endsWith("F");

    var ofPrimary = held(primary);
    assertThatThrownBy(() -> standby.backup("fourth"))
        .hasMessageContaining("UNAVAILABLE")
        .hasMessageContaining(
            "failed on the standby 'c-2'; another backup is running, of the primary")
        .hasMessageContaining("[LockAcquireError]");
    datacenter.s3.faults().heal();
    assertThat(ofPrimary.get(Eventually.PATIENCE.toSeconds(), TimeUnit.SECONDS).getBackupId())
        .endsWith("F");
  }

  @Test
  void aFailoverInTheMiddleEndsTheBackupAndTheNextOneWorks() throws Exception {
    caughtUp();
    var backup = held(standby);

    primary.postgres.kill();
    datacenter.s3.faults().heal();

    assertThatThrownBy(() -> backup.get(Eventually.PATIENCE.toSeconds(), TimeUnit.SECONDS))
        .hasMessageContaining(
            "backup 'b' of cluster 'c' in repository 1 of stanza 's' failed on the standby 'c-2'")
        .hasMessageContaining("the primary failed in the backup, as happens in a failover")
        .hasMessageContaining("create a new Backup when the Cluster is ready");
    assertThat(standby.programs(" backup ")).isEmpty();
    assertThat(primary.programs(" backup ")).isEmpty();
    standby.postgres.promote();
    standby.postgres.waitForPromotion(Eventually.PATIENCE);
    cluster.primary("c-2").timeline(2);
    assertThat(standby.backup("b2").getBackupId()).endsWith("F");
  }

  @Test
  void aStandbyThatIsPromotedInTheMiddleEndsTheBackup() throws Exception {
    caughtUp();
    var backup = held(standby);

    standby.postgres.promote();
    standby.postgres.waitForPromotion(Eventually.PATIENCE);
    datacenter.s3.faults().heal();

    assertThatThrownBy(() -> backup.get(Eventually.PATIENCE.toSeconds(), TimeUnit.SECONDS))
        .hasMessageContaining("this instance became primary while it was backed up");
  }

  @Test
  void deletingTheObjectEndsTheBackupOnBothSides() throws Exception {
    caughtUp();
    datacenter.api.apply(
        """
        {apiVersion: postgresql.cnpg.io/v1, kind: Backup, metadata: {name: b, uid: the-one},
         spec: {method: plugin, cluster: {name: c}}}
        """);
    var backup = held(standby, "the-one");
    Eventually.until(
        "the object is looked at",
        () ->
            datacenter.api.requests().stream()
                    .filter(request -> request.endsWith("/backups/b"))
                    .count()
                > 1);

    datacenter.api.delete("backups", "default", "b");

    assertThatThrownBy(() -> backup.get(Eventually.PATIENCE.toSeconds(), TimeUnit.SECONDS))
        .hasMessageContaining("CANCELLED")
        .hasMessageContaining("was stopped because its Backup object was deleted");
    assertThat(standby.programs(" backup ")).isEmpty();
    datacenter.s3.faults().heal();
    Eventually.until("the primary has ended it", () -> primary.programs("remote").isEmpty());
    assertThat(standby.backup("b2").getBackupId()).endsWith("F");
  }

  /// A backup whose first file is on its way to the store, and stays there.
  private CompletableFuture<BackupResult> held(TestMember member) throws Exception {
    return held(member, UUID.randomUUID().toString());
  }

  private CompletableFuture<BackupResult> held(TestMember member, String uid) throws Exception {
    datacenter
        .s3
        .faults()
        .holdWhere(request -> request.startsWith("PUT ") && request.contains("/backup/main/2"));
    var backup = CompletableFuture.supplyAsync(() -> member.backup("b", uid));
    Eventually.until("the backup is being written", () -> datacenter.s3.faults().held() > 0);
    return backup;
  }

  private void archiveAll() {
    primary.postgres.waitForArchived(primary.postgres.switchWal(), Eventually.PATIENCE);
  }

  private void caughtUp() throws Exception {
    var position = primary.postgres.value("select pg_current_wal_flush_lsn()");
    Eventually.until(
        "the standby has replayed all",
        () ->
            standby
                .postgres
                .value("select pg_last_wal_replay_lsn() >= '%s'".formatted(position))
                .equals("t"));
  }

  private Instance recovery() {
    return Instance.recovery(datacenter, TestCluster.recovering("r", "s", "", ""), MAJOR);
  }

  private static TestCertificates.Issued replicationKey() {
    return CERTIFICATES.issue("streaming_replica", List.of("streaming_replica"));
  }

  /// What the standby's sidecar does, with another certificate.
  private void backup(String certificate, String key) throws Exception {
    var run = standby.pod.runDirectory();
    Files.writeString(run.resolve("other.crt"), certificate);
    Files.writeString(run.resolve("other.key"), key);
    Files.setPosixFilePermissions(
        run.resolve("other.key"), PosixFilePermissions.fromString("rw-------"));
    var configuration =
        Files.writeString(
            run.resolve("other.conf"),
            Files.readString(run.resolve("standby-s.conf"))
                .replace("/peer/tls.crt", "/other.crt")
                .replace("/peer/tls.key", "/other.key"));
    try (var runner = new ProgramRunner()) {
      new PgBackRest(PgBackRestProgram.path(), runner, configuration, "main")
          .backup(new BackupCommand(BackupType.FULL, 1, Map.of(), _ -> {}));
    }
  }
}
