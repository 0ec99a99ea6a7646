package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// What a restore refuses before it copies, and what it puts right afterwards.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(600)
class RestoreStepsIT {
  @TempDir static Path directory;

  @RegisterExtension static final RestoreStage stage = new RestoreStage(() -> directory);

  @Test
  @Order(1)
  void aClusterThatWouldArchiveToItsSourceIsRefusedBeforeAnythingIsCopied() throws Exception {
    for (var own : new String[] {"main", "alias"}) {
      try (var restored = stage.restored("main", RestoreStage.ARCHIVES_TO.formatted(own), "")) {
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
    try (var restored = stage.restored("main", RestoreStage.ARCHIVES_TO.formatted("copied"), "")) {
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
  @Order(1)
  void aLinkToAWalVolumeBecomesADirectoryWhereThereIsNoSuchVolume() throws Exception {
    try (var restored = stage.restored("main", "instances: 1", "")) {
      restored.job.run();
      restored.postgres.start();

      assertThat(restored.rows()).isEqualTo("1,2,3");
      assertThat(restored.pod.pgData().resolve("pg_wal"))
          .isDirectory()
          .satisfies(wal -> assertThat(Files.isSymbolicLink(wal)).isFalse());
    }
  }

  @Test
  @Order(1)
  void aReplicaClusterStartsFromSettingsWithoutAnEarlierRecovery() throws Exception {
    try (var restored = stage.restored("main", "replica: {enabled: true, source: o}", "")) {
      restored.job.run();

      // pgBackRest turns a target into a comment by itself, and writes a heading of its own.
      assertThat(Files.readAllLines(restored.pod.pgData().resolve("postgresql.auto.conf")))
          .filteredOn(line -> !line.isBlank() && !line.startsWith("#"))
          .containsExactly("work_mem = '7MB'", "timezone = 'Pacific/Auckland'");
      assertThat(restored.pod.pgData().resolve("recovery.signal")).doesNotExist();
    }
  }

  @Test
  @Order(1)
  void aBackupOfAnotherMajorVersionIsRefusedBeforeItIsCopied() throws Exception {
    try (var restored =
        stage.restored("main", "imageName: 'ghcr.io/cloudnative-pg/postgresql:13'", "")) {
      assertThatThrownBy(restored.job::restore)
          .hasMessageContaining("FAILED_PRECONDITION")
          .hasMessageMatching(
              "(?s).*backup '.*' is of PostgreSQL (\\d+), and cluster '.*' has an image of PostgreSQL 13, which cannot run it:"
                  + " give the new cluster an image of PostgreSQL \\1, and upgrade it afterwards.*");
      assertThat(restored.pod.pgData()).doesNotExist();
    }
  }

  @Test
  @Order(2)
  void aTablespaceThatOnlyTheWalKnowsIsNamedWithTheRemedy() throws Exception {
    var place = directory.resolve("x/tablespaces/late/data");
    stage.primary.execute(
        "create tablespace late location '%s'".formatted(Files.createDirectories(place)));
    stage.primary.waitForArchived(stage.primary.switchWal(), RestoreStage.SOON);
    stage.primary.execute("drop tablespace late");
    Files.delete(place);
    try (var restored = stage.restored("main", "instances: 1", "")) {
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
}
