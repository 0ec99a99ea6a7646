package com.dalibo.pgbackrest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The main job by the manifests of the README, unchanged but for the two keys: archive, back up,
/// restore, read a row.
@Tag("smoke")
class MainJobStory {
  @RegisterExtension final StoryTeller teller = new StoryTeller("main-job");

  @Test
  void archivesBacksUpAndRestoresByTheManifestsOfTheReadme() {
    Story story = teller.story();
    story.apply(Manifest.example("stanza.yaml"));
    story.apply(Manifest.example("cluster.yaml"));
    story.awaitReady("cluster-demo");
    assertThat(story.containers("cluster-demo-1")).contains("pgbackrest-plugin");

    story.psql("cluster-demo-1", "CREATE TABLE fear AS SELECT 'lost' AS what");
    story.switchWalAndAwaitArchived("cluster-demo-1");
    story.apply(Manifest.example("backup.yaml"));
    JsonNode backup = story.awaitCompleted("backup-example");
    assertThat(backup.path("status").path("backupId").asText()).matches("\\d{8}-\\d{6}F");

    story.psql("cluster-demo-1", "UPDATE fear SET what = 'found'");
    story.switchWalAndAwaitArchived("cluster-demo-1");
    story.apply(Manifest.example("cluster-restored.yaml"));
    story.awaitReady("cluster-restored");

    assertThat(story.psql("cluster-restored-1", "SELECT what FROM fear")).isEqualTo("found");
    story.say("the row written after the backup is there");
    story.emptyRepository("cluster-demo-1");
  }

  @Test
  void aClusterWithoutIsWalArchiverNeverArchivesAndItsBackupIsRefusedWithTheRemedy() {
    Story story = teller.story();
    story.apply(Manifest.example("stanza.yaml"));
    story.apply(
        new Manifest(
            Manifest.example("cluster.yaml").yaml().replace("      isWALArchiver: true\n", "")));
    story.awaitReady("cluster-demo");
    story.psql("cluster-demo-1", "SELECT pg_switch_wal()");
    story.await(
        "PostgreSQL's archiver is satisfied",
        Duration.ofMinutes(1),
        () -> story.psql("cluster-demo-1", "SELECT archived_count > 0 FROM pg_stat_archiver"),
        "t"::equals);

    story.apply(Manifest.example("backup.yaml"));
    JsonNode ended =
        story.await(
            "Backup is refused",
            Duration.ofMinutes(2),
            () -> story.get("Backup", "backup-example"),
            b -> b.path("status").path("phase").asText().equals("failed"));

    assertThat(ended.path("status").path("error").asText()).contains("isWALArchiver: true");
  }
}
