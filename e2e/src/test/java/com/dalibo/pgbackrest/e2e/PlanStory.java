package com.dalibo.pgbackrest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A plan beside the running cluster, the cluster that it writes, and what it leaves behind.
class PlanStory {
  private static final Duration SOON = Duration.ofMinutes(1);

  @RegisterExtension final StoryTeller teller = new StoryTeller("plan");

  @Test
  void aPlanSaysHowARestoreEndsAndItsManifestDoesIt() {
    Story story = teller.story();
    story.archivingCluster();
    story.psql("cluster-demo-1", "CREATE TABLE story AS SELECT 1 AS n");
    String label =
        story.backup("full", "backupType: full").path("status").path("backupId").asText();
    Story.pause(Duration.ofSeconds(2));
    story.psql("cluster-demo-1", "INSERT INTO story VALUES (2)");
    String time = story.timeBetweenRows("cluster-demo-1");
    story.psql("cluster-demo-1", "INSERT INTO story VALUES (3)");
    story.switchWalAndAwaitArchived("cluster-demo-1");

    story.apply(Manifest.example("restore-plan.yaml").with("2026-11-22T07:26:56Z", time));
    JsonNode plan = await(story, "True");
    assertThat(plan.path("status").path("backup").path("label").asText()).isEqualTo(label);

    story.apply(new Manifest(plan.path("status").path("manifest").asText()));
    story.awaitReady("cluster-restored-time");
    assertThat(
            story.psql(
                "cluster-restored-time-1", "SELECT string_agg(n::text, ',' ORDER BY n) FROM story"))
        .isEqualTo("1,2");

    story.mergePatch(
        "RestorePlan",
        "before-the-accident",
        "{\"spec\": {\"recoveryTarget\": {\"targetTime\": \"2099-01-01T00:00:00Z\"}}}");
    JsonNode impossible = await(story, "False");
    assertThat(impossible.path("status").path("nearest").has("before")).isTrue();

    story.delete("RestorePlan", "before-the-accident");
    for (String kind : List.of("Job", "Role", "RoleBinding")) {
      story.await(
          "no " + kind + " of the plan is left behind",
          Duration.ofMinutes(2),
          () -> story.list(kind).path("items").toString(),
          items -> !items.contains("plan-before") && !items.contains(":plan:"));
    }
  }

  private static JsonNode await(Story story, String status) {
    return story.await(
        "the plan is " + status,
        SOON,
        () -> story.get("RestorePlan", "before-the-accident"),
        plan -> Story.condition(plan, "Possible").equals(status));
  }
}
