package com.dalibo.pgbackrest.sidecar.stanza;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.sidecar.Eventually;
import com.dalibo.pgbackrest.sidecar.Instance;
import com.dalibo.pgbackrest.sidecar.TestCluster;
import com.dalibo.pgbackrest.testbed.postgres.PostgresInstallation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Whatever comes between the two files of a new stanza, backups work afterwards.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class IncompleteStanzaIT {
  private static final int MAJOR = PostgresInstallation.NEWEST;
  private static final String SEGMENTS_OF_1_MB = "--wal-segsize=1";
  @TempDir static Path directory;
  private TestCluster datacenter;

  @BeforeAll
  void begin() {
    datacenter = new TestCluster(directory, "repo");
    datacenter.secret("cipher", "pass: a-good-password");
    for (var name : new String[] {"killed", "down", "away", "lost"}) {
      datacenter.stanza(
          name,
          "options: {io-timeout: \"2s\"},",
          datacenter.repository(
              "repo", "/" + name, "cipherConfig: {encryptionPass: {name: cipher, key: pass}},"));
    }
  }

  @AfterEach
  void heal() {
    datacenter.s3.faults().heal();
  }

  @AfterAll
  void end() {
    datacenter.close();
  }

  @Test
  void aSidecarKilledBetweenThem() throws Exception {
    try (var instance = initialised("killed")) {
      datacenter.s3.faults().holdWhere(IncompleteStanzaIT::writesBackupInfo);
      instance.start();
      var segment = instance.postgres.switchWal();
      Eventually.until("backup.info is due", () -> datacenter.s3.faults().held() > 0);
      instance.sidecar().kill();
      assertThat(files("killed")).isNotEmpty().noneMatch(file -> file.contains("backup.info"));
      // The request of the program that is gone must not be served after all.
      datacenter.s3.faults().failWhere(IncompleteStanzaIT::writesBackupInfo);
      datacenter.s3.faults().holdWhere(_ -> false);
      datacenter.s3.faults().forgetRequests();
      instance.startSidecar();
      Eventually.until(
          "the new sidecar tries",
          () ->
              datacenter.s3.faults().requests().stream()
                  .anyMatch(IncompleteStanzaIT::writesBackupInfo));
      datacenter.s3.faults().heal();

      instance.postgres.waitForArchived(segment, Eventually.PATIENCE);
      assertThatItIsWhole(instance);
    }
  }

  @Test
  void aStoreThatIsDownBetweenThem() throws Exception {
    try (var instance = initialised("down")) {
      datacenter.s3.faults().failWhere(IncompleteStanzaIT::writesBackupInfo);
      instance.start();
      var segment = instance.postgres.switchWal();
      Eventually.until("PostgreSQL is told", () -> !instance.manager.archiveErrors().isEmpty());
      Eventually.until("nothing is left of it", () -> files("down").isEmpty());
      datacenter.s3.faults().heal();

      instance.postgres.waitForArchived(segment, Eventually.PATIENCE);
      assertThatItIsWhole(instance);
    }
  }

  @Test
  void aStoreThatIsDownFromTheFirstOfThemOn() throws Exception {
    try (var instance = initialised("away")) {
      // Nothing that was begun can be removed, and nothing is answered.
      datacenter
          .s3
          .faults()
          .failWhere(
              request ->
                  files("away").contains("away/archive/main/archive.info.copy")
                      && request.contains("away"));
      instance.start();
      var segment = instance.postgres.switchWal();
      Eventually.until("PostgreSQL is told", () -> !instance.manager.archiveErrors().isEmpty());
      assertThat(files("away")).isNotEmpty().noneMatch(file -> file.contains("backup.info"));
      datacenter.s3.faults().heal();

      instance.postgres.waitForArchived(segment, Eventually.PATIENCE);
      assertThatItIsWhole(instance);
    }
  }

  @Test
  void aBackupInfoThatWasDeletedIsNotMadeAnewBesideWal() {
    try (var instance = initialised("lost")) {
      instance.start();
      instance.archiveAll();
      for (var file : new String[] {"backup.info", "backup.info.copy"}) {
        datacenter.s3.delete("repo", "lost/backup/main/" + file);
      }
      var before = files("lost");

      assertThatThrownBy(() -> instance.backup("backupType: full"))
          .hasMessageContaining("FAILED_PRECONDITION")
          .hasMessageContaining("archive.info exists but backup.info is missing on repo1, and")
          .hasMessageContaining(
              "the repository has other files of the stanza, so nothing was removed")
          .hasMessageContaining(
              "; remedy: the stanza is incomplete: if 'archive.info' or 'backup.info' was deleted, restore it"
                  + " from an earlier version in the store; otherwise give this repository another 'repoPath'");
      assertThat(files("lost")).containsAll(before);
      instance.archiveAll();
    }
  }

  @Test
  void aVolumeThatWasFullWhenTheFirstOfThemWasWritten() throws Exception {
    volume("first");
    Files.writeString(archive("first").resolve("archive.info.pgbackrest.tmp"), "");

    try (var instance = initialised("first")) {
      instance.start();
      assertThatItIsWhole(instance);
    }
  }

  @Test
  void aVolumeThatWasFullWhenTheSecondOfThemWasWritten() throws Exception {
    volume("second");
    try (var instance = initialised("second")) {
      // As a creation leaves it that was whole, up to there.
      instance.start();
      instance.archiveAll();
      instance.postgres.stop();
      instance.sidecar().kill();
      delete(archive("second").resolve("18-1"));
      var backups = volume("second").resolve("backup/main");
      Files.delete(backups.resolve("backup.info.copy"));
      Files.move(backups.resolve("backup.info"), backups.resolve("backup.info.pgbackrest.tmp"));
      instance.startSidecar();

      instance.start();
      assertThatItIsWhole(instance);
    }
  }

  /// A Stanza with a repository on a volume, by its name.
  private Path volume(String name) throws IOException {
    datacenter.stanzaOf(
        name, "volumeRepositories", "{claimName: %s, repoPath: /demo}".formatted(name));
    return Files.createDirectories(datacenter.directory("volumes").resolve(name)).resolve("demo");
  }

  private Path archive(String volume) throws IOException {
    return Files.createDirectories(volume(volume).resolve("archive/main"));
  }

  private static void delete(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static void assertThatItIsWhole(Instance instance) {
    instance.archiveAll();
    assertThat(instance.backup("backupType: full").getBackupId()).endsWith("F");
  }

  private Instance initialised(String stanza) {
    return Instance.initialised(
        datacenter, TestCluster.archiving(stanza, stanza), MAJOR, SEGMENTS_OF_1_MB);
  }

  private List<String> files(String stanza) {
    return datacenter.s3.keys("repo").stream().filter(key -> key.startsWith(stanza + "/")).toList();
  }

  private static boolean writesBackupInfo(String request) {
    return request.startsWith("PUT ") && request.contains("/backup.info");
  }
}
