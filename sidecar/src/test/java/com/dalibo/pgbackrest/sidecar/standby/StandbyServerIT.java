package com.dalibo.pgbackrest.sidecar.standby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.command.BackupCommand;
import com.dalibo.pgbackrest.command.PgBackRest;
import com.dalibo.pgbackrest.info.BackupType;
import com.dalibo.pgbackrest.process.ProgramRunner;
import com.dalibo.pgbackrest.sidecar.Eventually;
import com.dalibo.pgbackrest.sidecar.TestInstance;
import com.dalibo.pgbackrest.testbed.program.PgBackRestProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The server of the primary's sidecar, which the pgBackRest of a standby asks: whom it serves, and
/// that it serves again after a failure.
@Timeout(600)
class StandbyServerIT {

  @TempDir private Path directory;
  @AutoClose private StandbyPair pair;

  @BeforeEach
  void begin() throws Exception {
    pair = StandbyPair.start(directory);
  }

  @Test
  void aServerThatHangsIsStartedAgainAndTheBackupWaitsForIt() throws Exception {
    var configuration = pair.primary.pod.runDirectory().resolve("server.conf").toString();
    var server =
        ProcessHandle.current()
            .descendants()
            .filter(process -> commandLine(process).contains("server\0--config=" + configuration))
            .findFirst()
            .orElseThrow();
    new ProcessBuilder("kill", "-STOP", Long.toString(server.pid())).start().waitFor();

    assertThat(pair.standby.backup("b").getBackupId()).endsWith("F");

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
  void whoHasNoCertificateOfTheClusterIsNotServed() throws Exception {
    var _ = pair.standby.backup("b");
    var mine = pair.primary.pod.runDirectory().resolve("peer");

    var foreign = StandbyPair.replicationKey();
    assertThatThrownBy(() -> backup(foreign.certificatePem(), foreign.keyPem()))
        .hasMessageContaining("unable to check pg2: [ServiceError]")
        .hasMessageContaining("unknown ca");
    var key = ReplicationKey.read(pair.standby.pod.certificateDirectory());
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
    pair.standby.giveKey(StandbyPair.replicationKey());

    assertThatThrownBy(() -> pair.standby.backup("b"))
        .hasMessageContaining("UNAVAILABLE")
        .hasMessageContaining(
            "backup 'b' of cluster 'c' in repository 1 of stanza 's' failed on the standby 'c-2'; the sidecar of the"
                + " primary shows the certificate of another key")
        .hasMessageContaining("create a new Backup in a minute");
    assertThat(pair.standby.programs(" backup ")).isEmpty();
  }

  @Test
  void aNewKeyOfTheClusterIsFollowedWithoutARestart() throws Exception {
    var server = pair.primary.programs("server.conf").getFirst();
    var key = StandbyPair.replicationKey();
    pair.standby.giveKey(key);
    pair.primary.giveKey(key);

    assertThat(pair.standby.backup("b").getBackupId()).endsWith("F");
    assertThat(server.isAlive()).isTrue();
  }

  @Test
  void aServerThatWasKilledIsThereAgainForTheNextBackup() throws Exception {
    var server = pair.primary.programs("server.conf").getFirst();
    server.destroyForcibly();
    server.onExit().get(1, TimeUnit.MINUTES);

    assertThat(pair.standby.backup("b").getBackupId()).endsWith("F");
    pair.primary.stopSidecar();
    Eventually.until("it serves no more", () -> !pair.primary.isServing());
    pair.primary.startSidecar();
  }

  @Test
  void aClusterOfOneInstanceIsServedWhenItGetsAnother() throws Exception {
    pair.primary.stopSidecar();
    Eventually.until("it serves no more", () -> !pair.primary.isServing());
    instances(1);
    pair.datacenter.api.forgetRequests();
    pair.primary.startSidecar(TestInstance.QUICK);
    Eventually.until(
        "it has looked and looks again",
        () ->
            pair.datacenter.api.requests().stream()
                    .filter(asked -> asked.contains("/clusters/c"))
                    .count()
                > 4);
    assertThat(pair.primary.isServing()).isFalse();

    instances(2);

    Eventually.until("it serves", pair.primary::isServing);
    assertThat(pair.standby.backup("b").getBackupId()).endsWith("F");
  }

  private void instances(int number) {
    var now = pair.cluster.json();
    now.getAsJsonObject("spec").addProperty("instances", number);
    pair.datacenter.api.apply(now);
  }

  @Test
  void whatIsMissingIsNamedWithTheRemedy() throws Exception {
    pair.primary.stopSidecar();
    assertThatThrownBy(() -> pair.standby.backup("b"))
        .hasMessageContaining("FAILED_PRECONDITION")
        .hasMessageContaining(
            "the sidecar of the primary 'c-1' cannot be reached at %s, port 8432 (Connection refused)"
                .formatted(pair.primary.address))
        .hasMessageContaining("allow TCP to this port between the pods of the Cluster");
    pair.primary.startSidecar();

    Files.delete(pair.standby.pod.certificateDirectory().resolve("streaming_replica.key"));
    assertThatThrownBy(() -> pair.standby.backup("b"))
        .hasMessageContaining("FAILED_PRECONDITION")
        .hasMessageContaining("streaming_replica.key' cannot be read (NoSuchFileException")
        .hasMessageContaining("status.certificates.replicationTLSSecret of the Cluster");
  }

  /// What the standby's sidecar does, with another certificate.
  private void backup(String certificate, String key) throws Exception {
    var run = pair.standby.pod.runDirectory();
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
