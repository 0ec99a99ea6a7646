package com.dalibo.pgbackrest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Changes that need no restart, and objects made in any order.
class ChangeStory {
  @RegisterExtension final StoryTeller teller = new StoryTeller("change");

  @Test
  void aRepositoryAddedLaterIsInitialisedWithoutARestart() {
    Story story = teller.story();
    story.archivingCluster();
    story.switchWalAndAwaitArchived("cluster-demo-1");
    String before = restarts(story, "cluster-demo-1");
    story.apply(story.stanzaWithSecondRepository());

    story.switchWalAndAwaitArchived("cluster-demo-1");
    JsonNode backup = story.backup("in-the-new-one", "backupType: full, selectedRepository: \"2\"");

    assertThat(backup.path("status").path("backupId").asText()).isNotEmpty();
    assertThat(restarts(story, "cluster-demo-1")).isEqualTo(before);
  }

  @Test
  void aSecretThatIsCorrectedWorksWithoutARestart() {
    Story story = teller.story();
    story.apply(story.stanzaWithWrongKey());
    story.apply(Story.quick("cluster.yaml"));
    story.awaitReady("cluster-demo");
    story.await(
        "the cluster says that the key is wrong",
        Duration.ofMinutes(2),
        () -> story.get("Cluster", "cluster-demo").path("status").path("conditions").toString(),
        conditions -> conditions.contains("SignatureDoesNotMatch") || conditions.contains("403"));
    String before = restarts(story, "cluster-demo-1");
    story.apply(story.stanza());

    story.switchWalAndAwaitArchived("cluster-demo-1");

    assertThat(restarts(story, "cluster-demo-1")).isEqualTo(before);
  }

  @Test
  void theStanzaMayComeAfterTheCluster() {
    Story story = teller.story();
    story.apply(Story.quick("cluster.yaml"));
    story.await(
        "the cluster says which Stanza is missing",
        Duration.ofMinutes(2),
        () -> story.events(),
        events -> events.contains("stanza-sample"));
    story.apply(story.stanza());
    story.awaitReady("cluster-demo");

    story.switchWalAndAwaitArchived("cluster-demo-1");
    story.backup("first", "backupType: full");
  }

  @Test
  void thePluginMayComeAfterTheCluster() {
    Story story = teller.story();
    String whole = Story.quick("cluster.yaml").yaml();
    story.apply(
        new Manifest(
            whole.substring(0, whole.indexOf("  plugins:"))
                + whole.substring(whole.indexOf("  probes:"))));
    story.awaitReady("cluster-demo");
    assertThat(story.containers("cluster-demo-1")).doesNotContain("pgbackrest-plugin");
    story.psql("cluster-demo-1", "CREATE TABLE story AS SELECT 1 AS n");
    story.apply(story.stanza());
    story.apply(Story.quick("cluster.yaml"));
    story.await(
        "the sidecar is there",
        Duration.ofMinutes(3),
        () -> story.containers("cluster-demo-1"),
        names -> names.contains("pgbackrest-plugin"));
    story.awaitReady("cluster-demo");

    story.switchWalAndAwaitArchived("cluster-demo-1");
    story.backup("first", "backupType: full");
  }

  @Test
  void aScheduledBackupIsTaken() {
    Story story = teller.story();
    String weeklyFull = Manifest.example("scheduled-backup.yaml").yaml();
    story.archivingCluster();
    story.apply(
        new Manifest(weeklyFull.substring(0, weeklyFull.indexOf("\n---\n")))
            .with("  method:", "  immediate: true\n  method:"));

    JsonNode backup =
        story.await(
            "the scheduled backup is completed",
            Duration.ofMinutes(3),
            () -> story.list("Backup").path("items").path(0),
            b -> b.path("status").path("phase").asText().equals("completed"));

    assertThat(backup.path("status").path("backupId").asText()).endsWith("F");
  }

  @Test
  void aDeletedClusterLeavesNothingButTheRepository() {
    Story story = teller.story();
    story.archivingCluster();
    story.delete("Cluster", "cluster-demo");
    Instant end = Instant.now().plus(Duration.ofMinutes(2));

    story.await(
        "roles, bindings, pods and claims are gone",
        Duration.between(Instant.now(), end),
        () ->
            story.list("Role").path("items").size()
                + story.list("RoleBinding").path("items").size()
                + story.list("Pod").path("items").size()
                + story.list("PersistentVolumeClaim").path("items").size(),
        left -> left == 0);

    assertThat(story.get("Stanza", "stanza-sample").isMissingNode()).isFalse();
  }

  private static String restarts(Story story, String pod) {
    JsonNode object = story.get("Pod", pod);
    StringBuilder text = new StringBuilder(object.path("metadata").path("uid").asText());
    object
        .path("status")
        .path("initContainerStatuses")
        .forEach(
            s ->
                text.append(' ')
                    .append(s.path("name").asText())
                    .append(s.path("restartCount").asInt()));
    object
        .path("status")
        .path("containerStatuses")
        .forEach(
            s ->
                text.append(' ')
                    .append(s.path("name").asText())
                    .append(s.path("restartCount").asInt()));
    return text.toString();
  }
}
