package com.dalibo.pgbackrest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Every way back that the examples show: the latest moment, one backup, a time as people write it,
/// and a restored cluster that goes on archiving elsewhere.
class RestoreStory {
  @RegisterExtension final StoryTeller teller = new StoryTeller("restore");

  @Test
  void restoresToEveryKindOfTargetFromTwoRepositories() {
    Story story = teller.story();
    story.apply(story.stanzaWithSecondRepository());
    story.apply(Story.quick("cluster.yaml"));
    story.awaitReady("cluster-demo");
    story.psql(
        "cluster-demo-1", "CREATE TABLE story (n int, at timestamptz DEFAULT clock_timestamp())");
    story.psql("cluster-demo-1", "INSERT INTO story VALUES (1)");
    JsonNode full = story.backup("full", "backupType: full");
    story.backup("diff", "backupType: diff");
    story.backup("incr", "backupType: incr");
    story.backup("second", "backupType: full, selectedRepository: second");
    story.psql("cluster-demo-1", "INSERT INTO story VALUES (2)");
    String time = story.timeBetweenRows("cluster-demo-1");
    story.psql("cluster-demo-1", "INSERT INTO story VALUES (3)");
    story.switchWalAndAwaitArchived("cluster-demo-1");

    story.apply(Story.quick("cluster-restored-time.yaml").with("2026-11-22T07:26:56Z", time));
    story.awaitReady("cluster-restored-time");
    assertThat(rows(story, "cluster-restored-time-1")).isEqualTo("1,2");

    story.apply(
        Story.quick("cluster-restored-backup.yaml")
            .with("20260210-101333F", full.path("status").path("backupId").asText()));
    story.awaitReady("cluster-restored-backup");
    assertThat(rows(story, "cluster-restored-backup-1")).isEqualTo("1");
  }

  @Test
  void aRestoredClusterArchivesToAStanzaOfItsOwnAndIsRestoredFromThere() {
    Story story = teller.story();
    story.archivingCluster();
    story.psql("cluster-demo-1", "CREATE TABLE story AS SELECT 1 AS n");
    story.backup("full", "backupType: full");
    story.apply(
        Story.quick("cluster-restored-archiving.yaml")
            .with("/cluster-restored", story.repoPath() + "-restored"));
    story.awaitReady("cluster-restored-archiving");
    story.psql("cluster-restored-archiving-1", "INSERT INTO story VALUES (2)");
    story.switchWalAndAwaitArchived("cluster-restored-archiving-1");

    story.apply(
        new Manifest(
            Manifest.example("backup.yaml")
                .yaml()
                .replace("backup-example", "of-the-restored")
                .replace("cluster-demo", "cluster-restored-archiving")));
    story.awaitCompleted("of-the-restored");
    story.apply(
        new Manifest(
            Story.quick("cluster-restored.yaml")
                .yaml()
                .replace("cluster-restored", "again")
                .replace("stanza-sample", "stanza-restored")));
    story.awaitReady("again");

    assertThat(rows(story, "again-1")).isEqualTo("1,2");
  }

  @Test
  void aCloneThatWouldArchiveIntoItsSourcesStanzaIsRefusedBeforeItWrites() {
    Story story = teller.story();
    story.archivingCluster();
    story.psql("cluster-demo-1", "CREATE TABLE story AS SELECT 1 AS n");
    story.backup("full", "backupType: full");
    story.apply(
        new Manifest(
            Story.quick("cluster-restored.yaml")
                .yaml()
                .replaceFirst(
                    "      parameters:", "      isWALArchiver: true\n      parameters:")));

    String log =
        story.await(
            "the restore is refused, with the remedy",
            Duration.ofMinutes(3),
            () -> recoveryLog(story),
            text -> text.contains("repoPath") || text.contains("stanza of its own"));

    assertThat(log).contains("stanza-sample");
    assertThat(
            story.psql(
                "cluster-demo-1", "SELECT count(*) FROM pg_stat_archiver WHERE failed_count > 0"))
        .isEqualTo("0");
  }

  @Test
  void aHoleInTheWalIsToldAndEndsTheRecoveryOnlyWhereTheUserAcceptsIt() {
    Story story = teller.story();
    story.archivingCluster();
    story.psql("cluster-demo-1", "CREATE TABLE story AS SELECT 1 AS n");
    story.backup("full", "backupType: full");
    story.apply(
        new Manifest(story.stanza().yaml().replace(place(story), place(story) + "-elsewhere")));
    // What was read of a Stanza holds for seconds.
    Story.pause(Duration.ofSeconds(5));
    story.psql("cluster-demo-1", "INSERT INTO story VALUES (2)");
    story.switchWalAndAwaitArchived("cluster-demo-1");
    story.apply(story.stanza());
    Story.pause(Duration.ofSeconds(5));
    story.psql("cluster-demo-1", "INSERT INTO story VALUES (3)");
    story.switchWalAndAwaitArchived("cluster-demo-1");

    story.apply(Story.quick("cluster-restored.yaml"));
    String told =
        story.await(
            "recovery waits at the hole, with the way on",
            Duration.ofMinutes(3),
            story::events,
            events -> events.contains("acceptMissingWAL="));
    Matcher annotation =
        Pattern.compile("cluster-restored (\\S+/acceptMissingWAL)=([0-9A-F]{24})").matcher(told);
    assertThat(annotation.find()).isTrue();
    story.annotate("Cluster", "cluster-restored", annotation.group(1), annotation.group(2));
    story.awaitReady("cluster-restored");

    assertThat(rows(story, "cluster-restored-1")).isEqualTo("1");
  }

  private static String place(Story story) {
    return "repoPath: " + story.repoPath();
  }

  private static String recoveryLog(Story story) {
    Recovery recovery = new Recovery(story, "cluster-restored");
    String pod = recovery.pod();
    return pod.isEmpty() ? "" : recovery.log() + story.log(pod, "pgbackrest-plugin");
  }

  private static String rows(Story story, String pod) {
    return story.psql(pod, "SELECT string_agg(n::text, ',' ORDER BY n) FROM story");
  }
}
