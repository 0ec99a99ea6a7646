package com.dalibo.pgbackrest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Many changes of the primary, and what the archive is worth after them.
class TimelineStory {
  private static final String CLUSTER = "cluster-demo";

  @RegisterExtension final StoryTeller teller = new StoryTeller("timeline");

  @Test
  void tenChangesOfThePrimaryUnderLoadLoseNothing() throws Exception {
    Story story = teller.story();
    threeInstances(story);
    Set<Integer> acknowledged = new ConcurrentSkipListSet<>();
    AtomicBoolean stopped = new AtomicBoolean();
    Thread writer = Thread.ofVirtual().start(() -> write(story, acknowledged, stopped));

    for (int change = 1; change <= 10; change++) {
      String former = story.primary(CLUSTER);
      story.say("change " + change + " of 10");
      switch (change % 3) {
        case 1 -> story.switchover(CLUSTER, story.standby(CLUSTER));
        case 2 -> story.killPostgres(former);
        default -> story.deleteWithoutGrace(former);
      }
      int before = acknowledged.size();
      story.await(
          "rows are written again", Story.READY, acknowledged::size, now -> now > before + 2);
      story.awaitReady(CLUSTER);
      streaming(story);
    }
    stopped.set(true);
    writer.join();
    story.switchWalAndAwaitArchived(story.primary(CLUSTER));

    story.apply(backupOfThePrimary("after"));
    story.awaitCompleted("after");
    story.awaitNoGap("stanza-sample");
    story.apply(
        Story.quick("cluster-restored-backup.yaml")
            .with("targetImmediate: true", "targetTLI: latest")
            .with("20260210-101333F", backupId(story, "before")));
    story.awaitReady("cluster-restored-backup");
    String restored =
        ","
            + story.psql("cluster-restored-backup-1", "SELECT string_agg(n::text, ',') FROM story")
            + ",";
    assertThat(acknowledged.stream().filter(n -> !restored.contains("," + n + ",")))
        .as("acknowledged rows that a restore from before all changes does not bring back")
        .isEmpty();
    story.say(
        acknowledged.size()
            + " rows acknowledged and restored, timeline "
            + story.psql(
                story.primary(CLUSTER), "SELECT timeline_id FROM pg_control_checkpoint()"));
  }

  @Test
  void anOlderTimelineIsRestoredAsItWasAndTheLatestAsItIs() {
    Story story = teller.story();
    threeInstances(story);
    story.psql(story.primary(CLUSTER), "INSERT INTO story VALUES (1)");
    story.switchWalAndAwaitArchived(story.primary(CLUSTER));
    for (int n = 2; n <= 4; n++) {
      story.switchover(CLUSTER, story.standby(CLUSTER));
      story.psql(story.primary(CLUSTER), "INSERT INTO story VALUES (" + n + ")");
      story.switchWalAndAwaitArchived(story.primary(CLUSTER));
    }

    story.apply(restored("latest", "latest"));
    story.apply(restored("second", "2"));
    story.awaitReady("second");
    story.awaitReady("latest");

    assertThat(rows(story, "second-1")).isEqualTo("1,2");
    assertThat(rows(story, "latest-1")).isEqualTo("1,2,3,4");
  }

  /// Acknowledged means that another instance has it too.
  private static void threeInstances(Story story) {
    story.apply(story.stanza());
    story.apply(
        Story.quick("cluster.yaml")
            .with("instances: 1", "instances: 3")
            .with(
                "  storage:", "  postgresql: {synchronous: {method: any, number: 1}}\n  storage:"));
    story.awaitReady(CLUSTER);
    story.psql(story.primary(CLUSTER), "CREATE TABLE story (n int)");
    story.apply(backupOfThePrimary("before"));
    story.awaitCompleted("before");
  }

  private static void write(Story story, Set<Integer> acknowledged, AtomicBoolean stopped) {
    for (int n = 1; !stopped.get(); n++) {
      try {
        story.psql(story.primary(CLUSTER), "INSERT INTO story VALUES (" + n + ")");
        acknowledged.add(n);
      } catch (RuntimeException away) {
        Story.pause(Duration.ofMillis(300));
      }
    }
  }

  private static void streaming(Story story) {
    story.await(
        "both others follow",
        Story.READY,
        () -> story.psql(story.primary(CLUSTER), "SELECT count(*) FROM pg_stat_replication"),
        "2"::equals);
  }

  private static Manifest backupOfThePrimary(String name) {
    return new Manifest(
        Manifest.example("backup.yaml")
            .yaml()
            .replace("backup-example", name)
            .replace("  method:", "  target: primary\n  method:"));
  }

  private static String backupId(Story story, String backup) {
    return story.get("Backup", backup).path("status").path("backupId").asText();
  }

  private static Manifest restored(String name, String timeline) {
    return new Manifest(
        Story.quick("cluster-restored.yaml")
            .yaml()
            .replace("cluster-restored", name)
            .replace(
                "      source: origin",
                "      source: origin\n      recoveryTarget: {targetTLI: \"" + timeline + "\"}"));
  }

  private static String rows(Story story, String pod) {
    return story.psql(pod, "SELECT string_agg(n::text, ',' ORDER BY n) FROM story");
  }
}
