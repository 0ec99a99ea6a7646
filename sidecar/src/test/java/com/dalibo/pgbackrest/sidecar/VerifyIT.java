package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.stanza.api.status.RepositoryStatus;
import com.dalibo.pgbackrest.stanza.api.status.VerifyStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Repositories that are verified from time to time.
@Timeout(300)
class VerifyIT {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @TempDir private Path directory;
  @AutoClose private TestInstance stage;
  private UserView told;

  @BeforeEach
  void begin() throws Exception {
    stage = new TestInstance(directory, TestInstance.archiving());
    stage.applyStanza("main", stage.oneRepository());
    stage.allowSlowStorage();
    stage.keepHouse();
    stage.startPostgres();
    told = new UserView(stage.api);
  }

  @Test
  void aDamagedFileIsFoundAndSaid() throws Exception {
    var label = backup();
    Eventually.until("the cluster is ready", () -> told.condition("Ready").equals("True Ready"));
    assertThat(told.condition("Verified")).isEmpty();

    every("1s");
    Eventually.until("all is whole", () -> told.condition("Verified").equals("True Verified"));
    assertThat(lastVerify().orElseThrow().status()).isEqualTo("ok");
    assertThat(lastVerify().orElseThrow().message())
        .matches("1 backups and \\d+ WAL files are intact");
    assertThat(metric("repository_last_verify_error")).isZero();

    var file = file(label);
    var content = stage.s3.get("one", file);
    var damaged = content.clone();
    damaged[damaged.length / 2] ^= 1;
    stage.s3.put("one", file, damaged);
    Eventually.until("damage is said", () -> told.condition("Ready").equals("False VerifyFailed"));

    assertThat(told.condition("Verified")).isEqualTo("False VerifyFailed");
    assertThat(told.message("Verified"))
        .startsWith("repository 1: 1 checksum invalid of ")
        .contains(" files of backup " + label)
        .contains("; invalid checksum '" + label + "/bundle/")
        .endsWith(
            "; take a new full backup: backups that build on damaged files cannot be restored");
    assertThat(lastVerify().orElseThrow().status()).isEqualTo("error");
    Eventually.until("it is told", () -> !told.events("Cluster", "VerifyFailed").isEmpty());
    Eventually.until(
        "so it is with the Stanza", () -> !told.events("Stanza", "VerifyFailed").isEmpty());
    assertThat(metric("repository_last_verify_error")).isEqualTo(1);

    stage.s3.put("one", file, content);
    Eventually.until("it is whole again", () -> told.condition("Ready").equals("True Ready"));
    Eventually.until("that is told", () -> !told.events("Cluster", "VerifyRecovered").isEmpty());
  }

  @Test
  void aBackupWithoutItsManifestIsNotWhole() throws Exception {
    var label = backup();
    stage.s3.keys("one").stream()
        .filter(key -> key.contains(label + "/backup.manifest"))
        .forEach(key -> stage.s3.delete("one", key));

    every("1h");
    Eventually.until("it is verified", () -> lastVerify().isPresent());

    assertThat(lastVerify().orElseThrow().status()).isEqualTo("error");
    assertThat(lastVerify().orElseThrow().message())
        .isEqualTo("the 'backup.manifest' of backup " + label + " is missing");
  }

  @Test
  void missingWalIsAFindingToo() throws Exception {
    backup();
    var lost = stage.postgres.switchWal();
    stage.postgres.waitForArchived(lost, MINUTE);
    stage.postgres.execute("create table more (n int)");
    stage.postgres.waitForArchived(stage.postgres.switchWal(), MINUTE);
    stage.s3.keys("one").stream()
        .filter(key -> key.contains(lost + "-"))
        .forEach(key -> stage.s3.delete("one", key));

    every("1h");
    Eventually.until("it is verified", () -> lastVerify().isPresent());

    assertThat(lastVerify().orElseThrow().status()).isEqualTo("error");
    assertThat(lastVerify().orElseThrow().message()).isEqualTo("lacks WAL " + lost);
  }

  @Test
  void aBackupEndsAVerificationWhichIsDoneAgain() throws Exception {
    backup();
    stage
        .s3
        .faults()
        .holdWhere(request -> request.startsWith("GET ") && request.contains("/bundle/"));
    every("1h");
    Eventually.until("it is being verified", () -> stage.s3.faults().held() > 0);
    assertThat(verifies()).isTrue();
    stage.postgres.waitForArchived(stage.postgres.switchWal(), MINUTE);

    var label = backup();

    assertThat(label).endsWith("F");
    assertThat(lastVerify()).isEmpty();
    stage.s3.faults().heal();
    Eventually.until("it is verified after all", () -> lastVerify().isPresent());
    assertThat(lastVerify().orElseThrow().message()).startsWith("2 backups and ");
  }

  @Test
  void aStoreThatFailsForAWhileIsNoDamage() throws Exception {
    backupThatCannotBeRead();
    every("1h");
    Eventually.until("it is being verified", this::verifies);

    Eventually.until("it could not be done", () -> !verifies());
    stage.s3.faults().heal();

    Eventually.until("it is done again", () -> lastVerify().isPresent());
    assertThat(lastVerify().orElseThrow().status()).isEqualTo("ok");
    assertThat(told.events("Stanza", "VerifyFailed")).isEmpty();
  }

  /// Takes a backup without bundles, and fails every try to read one file of it, each soon.
  private void backupThatCannotBeRead() {
    stage.api.apply(
        """
        apiVersion: pgbackrest.dalibo.com/v1
        kind: Stanza
        metadata: {name: main}
        spec:
          stanzaConfiguration:
            options: {io-timeout: 1s}
            customEnvVar: {PGBACKREST_REPO1_BUNDLE: "n"}
        """);
    var file = file(backup());
    stage.s3.faults().failWhere(request -> request.equals("GET /one/" + file));
  }

  private String file(String label) {
    return stage.s3.keys("one").stream()
        .filter(key -> key.matches(".*" + label + "/(bundle|pg_data/base)/.*"))
        .findFirst()
        .orElseThrow();
  }

  private void every(String time) {
    stage.api.apply(
        """
        apiVersion: pgbackrest.dalibo.com/v1
        kind: Stanza
        metadata: {name: main}
        spec: {stanzaConfiguration: {verify: {every: %s}}}
        """
            .formatted(time));
  }

  private String backup() {
    return stage.backup("backupType: full").getBackupId();
  }

  private Optional<VerifyStatus> lastVerify() throws Exception {
    return told.repository(1).map(RepositoryStatus::lastVerify);
  }

  private double metric(String name) {
    return stage.manager.collectMetrics().stream()
        .filter(metric -> metric.getFqName().endsWith(name))
        .mapToDouble(metric -> metric.getValue())
        .findFirst()
        .orElse(-1);
  }

  private boolean verifies() {
    return ProcessHandle.allProcesses()
        .map(process -> process.info().commandLine().orElse(""))
        .anyMatch(line -> line.contains(" verify ") && line.contains(directory.toString()));
  }
}
