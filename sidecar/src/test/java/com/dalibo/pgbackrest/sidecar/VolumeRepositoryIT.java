package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A repository on a volume that all pods mount.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
class VolumeRepositoryIT {
  private static final String MEMBERS = "claimName: backups, repoPath: /demo,";

  @TempDir static Path directory;
  private TestCluster datacenter;
  private Path volumes;
  private Path claim;
  private RepositoryStory story;

  @BeforeAll
  void aClusterWithAVolume() throws Exception {
    datacenter = new TestCluster(directory);
    volumes = datacenter.directory("volumes");
    claim = Files.createDirectories(volumes.resolve("backups"));
    story = new RepositoryStory(datacenter, "volumeRepositories", MEMBERS, this::files);
  }

  @AfterAll
  void end() {
    story.close();
    datacenter.close();
  }

  @Test
  void theMainJob() throws Exception {
    story.goesFromTheFirstWalToARestoreAndExpires();
  }

  @Test
  void aVolumeThatMayNotBeWritten() throws Exception {
    var answers =
        story.whileWrong(() -> allow(claim, "---------"), () -> allow(claim, "rwxr-x---"));

    answers.allSay(
        "FAILED_PRECONDITION",
        "[13] Permission denied",
        "; remedy: give the user that PostgreSQL runs as read and write access to the directory of the repository:"
            + " correct its owner or mode on the volume");
  }

  @Test
  void aVolumeThatIsNotMounted() throws Exception {
    var away = datacenter.directory("away");
    var answers =
        story.whileWrong(
            () -> {
              Files.move(claim, away);
              return allow(volumes, "r-xr-x---");
            },
            () -> {
              allow(volumes, "rwxr-x---");
              return Files.move(away, claim);
            });

    answers.writingSays(
        "FAILED_PRECONDITION",
        "pgbackrest stanza-create failed [47 path-create]: unable to create path '" + claim,
        "; remedy: the volume is not mounted in this pod, or is not writable");
    assertThat(answers.restore())
        .isEqualTo(
            "FAILED_PRECONDITION: no backup of stanza 's' leads to the end of the archived WAL:"
                + " stanza 'main' has no backup in any repository; if it has been backed up, "
                + "correct the repositories of the Stanza: repository 1 is volume backups /demo");
  }

  private static Path allow(Path directory, String permissions) throws IOException {
    return Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));
  }

  private List<String> files() throws IOException {
    try (var files = Files.walk(claim)) {
      return files.filter(Files::isRegularFile).map(Path::toString).toList();
    }
  }
}
