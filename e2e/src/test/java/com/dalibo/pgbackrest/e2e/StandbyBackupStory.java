package com.dalibo.pgbackrest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Two instances and a Backup that says nothing of a target: CNPG asks the standby.
class StandbyBackupStory {
  @RegisterExtension final StoryTeller teller = new StoryTeller("standby-backup");

  @Test
  void aBackupWithoutATargetIsTakenFromTheStandbyAndRestored() {
    Story story = teller.story();
    story.apply(story.stanza());
    story.apply(Story.quick("cluster.yaml").with("instances: 1", "instances: 2"));
    story.awaitReady("cluster-demo");
    String first = story.primary("cluster-demo");
    String second = standby(story);
    story.psql(first, "CREATE TABLE story AS SELECT 1 AS n");
    story.switchWalAndAwaitArchived(first);

    assertTakenFrom(second, story.backup("by-default", "backupType: full"));
    story.say("pgbackrest server on the primary: " + serverMemory(story, first));

    story.psql(first, "INSERT INTO story VALUES (2)");
    story.switchWalAndAwaitArchived(first);
    story.apply(Story.quick("cluster-restored.yaml"));
    story.awaitReady("cluster-restored");
    assertThat(
            story.psql(
                "cluster-restored-1", "SELECT string_agg(n::text, ',' ORDER BY n) FROM story"))
        .isEqualTo("1,2");

    switchover(story, second);
    assertTakenFrom(first, story.backup("after-a-switchover", "backupType: diff"));
  }

  private static String standby(Story story) {
    return story.primary("cluster-demo").equals("cluster-demo-1")
        ? "cluster-demo-2"
        : "cluster-demo-1";
  }

  private static void assertTakenFrom(String pod, JsonNode backup) {
    JsonNode status = backup.path("status");
    assertThat(status.path("instanceID").path("podName").asText()).isEqualTo(pod);
    assertThat(status.path("backupId").asText()).isNotEmpty();
    assertThat(status.path("endWal").asText()).hasSize(24);
  }

  /// In kB, the share of libraries that several processes use counted in parts.
  private static String serverMemory(Story story, String pod) {
    return story.exec(
        pod,
        "pgbackrest-plugin",
        "perl",
        "-e",
        "for (glob '/proc/[0-9]*/cmdline') { open F, $_; my $l = <F>; next unless $l =~ /pgbackrest\\0server/;"
            + " s/cmdline/smaps_rollup/; open G, $_; while (<G>) { print if /^(Rss|Pss):/ } }");
  }

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
    story.await(
        "switched over to " + target,
        Duration.ofMinutes(3),
        () -> story.primary("cluster-demo"),
        target::equals);
    story.awaitReady("cluster-demo");
  }
}
