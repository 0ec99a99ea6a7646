package com.dalibo.pgbackrest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The sidecar dies at the worst moments; nothing acknowledged is lost and recovery never ends
/// early.
class CrashStory {
  private static final int ROWS = 60;

  @RegisterExtension final StoryTeller teller = new StoryTeller("crash");

  @Test
  void aKilledSidecarLosesNoSegmentAndNeverEndsARecoveryEarly() {
    Story story = teller.story();
    story.archivingCluster();
    story.psql("cluster-demo-1", "CREATE TABLE story (n int)");
    story.backup("before", "backupType: full");
    for (int n = 1; n <= ROWS; n++) {
      story.psql("cluster-demo-1", "INSERT INTO story VALUES (" + n + "); SELECT pg_switch_wal()");
      if (n == ROWS / 3) {
        story.killSidecar("cluster-demo-1");
      }
    }
    story.say(ROWS + " rows in " + ROWS + " segments, the sidecar killed in between");
    story.switchWalAndAwaitArchived("cluster-demo-1");

    story.apply(Story.quick("cluster-restored.yaml"));
    Recovery recovery = new Recovery(story, "cluster-restored");
    recovery.awaitWal(Duration.ofMinutes(3));
    story.killSidecar(recovery.pod());
    story.awaitReady("cluster-restored");

    assertThat(story.psql("cluster-restored-1", "SELECT count(*) FROM story"))
        .isEqualTo(Integer.toString(ROWS));
  }

  @Test
  void deletingABackupThatRunsStopsItAndTheNextOneWorks() {
    Story story = teller.story();
    runningBackup(story);
    story.delete("Backup", "backup-example");
    story.await(
        "the backup is stopped",
        Duration.ofMinutes(1),
        story::events,
        events -> events.contains("Cluster/cluster-demo BackupStopped: "));

    assertThat(story.log("cluster-demo-1", "pgbackrest-plugin"))
        .contains("\"msg\":\"backup stopped\"");
    story.backup("next", "backupType: full");
    assertThat(
            story
                .get("Stanza", "stanza-sample")
                .path("status")
                .path("backupsCount")
                .path("Full")
                .asInt())
        .isLessThanOrEqualTo(1);
  }

  @Test
  void aSidecarKilledDuringABackupFailsThatBackupAndTheNextOneWorks() {
    Story story = teller.story();
    runningBackup(story);
    story.killSidecar("cluster-demo-1");
    JsonNode failed =
        story.await(
            "the backup has failed",
            Duration.ofMinutes(3),
            () -> story.get("Backup", "backup-example"),
            b -> b.path("status").path("phase").asText().equals("failed"));
    assertThat(failed.path("status").path("error").asText()).isNotEmpty();

    // CNPG backs up only pods that are ready.
    story.await(
        "the sidecar is up again",
        Duration.ofMinutes(2),
        () -> story.get("Pod", "cluster-demo-1"),
        pod ->
            pod.path("status")
                    .path("initContainerStatuses")
                    .findValuesAsText("restartCount")
                    .contains("1")
                && Story.condition(pod, "Ready").equals("True"));
    story.awaitReady("cluster-demo");
    JsonNode next = story.backup("next", "backupType: full");

    assertThat(next.path("status").path("backupId").asText()).isNotEmpty();
  }

  /// A cluster of one instance whose first backup, `backup-example`, copies files now.
  private static void runningBackup(Story story) {
    story.apply(new Manifest(story.stanza().yaml() + "    startFast: true\n"));
    story.apply(Story.quick("cluster.yaml"));
    story.awaitReady("cluster-demo");
    story.psql(
        "cluster-demo-1",
        "CREATE TABLE big AS SELECT n, md5(n::text) || md5((n + 1)::text) AS text FROM generate_series(1, 6000000) n");
    story.apply(Manifest.example("backup.yaml"));
    story.await(
        "the backup is running",
        Duration.ofMinutes(1),
        () -> story.log("cluster-demo-1", "pgbackrest-plugin"),
        log -> log.contains("backup start archive"));
  }
}
