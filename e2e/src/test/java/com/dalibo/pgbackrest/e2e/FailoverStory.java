package com.dalibo.pgbackrest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Three instances, a primary that dies and one that steps down: the archive has no gap.
class FailoverStory {
  @RegisterExtension final StoryTeller teller = new StoryTeller("failover");

  @Test
  void theArchiveHasNoGapAfterAFailoverAndASwitchover() {
    Story story = teller.story();
    story.apply(story.stanza());
    story.apply(Story.quick("cluster.yaml").with("instances: 1", "instances: 3"));
    story.awaitReady("cluster-demo");
    story.psql("cluster-demo-1", "CREATE TABLE story (n int)");
    story.apply(
        new Manifest(
            Manifest.example("backup.yaml")
                .yaml()
                .replace("  method:", "  target: primary\n  method:")));
    story.awaitCompleted("backup-example");
    insert(story, 1);

    String first = story.primary("cluster-demo");
    story.deleteWithoutGrace(first);
    story.await(
        "another instance is primary",
        Duration.ofMinutes(3),
        () -> story.primary("cluster-demo"),
        now -> !now.equals(first) && !now.isEmpty());
    story.awaitReady("cluster-demo");
    insert(story, 2);

    String second = story.primary("cluster-demo");
    story.switchover("cluster-demo", first);
    assertThat(second).isNotEqualTo(first);
    insert(story, 3);

    story.apply(Story.quick("cluster-restored.yaml"));
    story.awaitReady("cluster-restored");
    assertThat(
            story.psql(
                "cluster-restored-1", "SELECT string_agg(n::text, ',' ORDER BY n) FROM story"))
        .isEqualTo("1,2,3");
  }

  private static void insert(Story story, int n) {
    String primary = story.primary("cluster-demo");
    story.await(
        "row " + n + " is written on " + primary,
        Duration.ofMinutes(1),
        () ->
            story.psql(
                story.primary("cluster-demo"), "INSERT INTO story VALUES (" + n + ") RETURNING n"),
        Integer.toString(n)::equals);
    story.switchWalAndAwaitArchived(story.primary("cluster-demo"));
  }
}
