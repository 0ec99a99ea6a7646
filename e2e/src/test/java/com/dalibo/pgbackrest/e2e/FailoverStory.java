package com.dalibo.pgbackrest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.time.Instant;
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
    story
        .client()
        .pods()
        .inNamespace(story.namespace())
        .withName(first)
        .withGracePeriod(0)
        .delete();
    story.say("deleted the primary " + first + " without grace");
    story.await(
        "another instance is primary",
        Duration.ofMinutes(3),
        () -> story.primary("cluster-demo"),
        now -> !now.equals(first) && !now.isEmpty());
    story.awaitReady("cluster-demo");
    insert(story, 2);

    String second = story.primary("cluster-demo");
    switchover(story, first);
    story.await(
        "switched over to " + first,
        Duration.ofMinutes(3),
        () -> story.primary("cluster-demo"),
        first::equals);
    story.awaitReady("cluster-demo");
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

  /// What `kubectl cnpg promote` does.
  private static void switchover(Story story, String target) {
    story
        .client()
        .genericKubernetesResources("postgresql.cnpg.io/v1", "Cluster")
        .inNamespace(story.namespace())
        .withName("cluster-demo")
        .subresource("status")
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            """
            {"status": {"targetPrimary": "%s", "targetPrimaryTimestamp": "%s", "phase": "Switchover in progress"}}
            """
                .formatted(target, Instant.now()));
  }
}
