package com.dalibo.pgbackrest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

/// The plugin's operator dies, is restarted and idles: clusters do not notice. It is upgraded: they
/// get another sidecar.
@Isolated
class OperatorStory {
  private static final List<String> PODS = List.of("cluster-demo-1", "cluster-demo-2");

  @RegisterExtension final StoryTeller teller = new StoryTeller("operator");

  @Test
  void killedAndRestartedReplicasRestartNoPostgresAndLoseNoSegment() {
    Story story = teller.story();
    PluginOperator operator = new PluginOperator(story);
    story.archivingCluster();
    story.psql("cluster-demo-1", "CREATE TABLE story (n int)");
    story.backup("full", "backupType: full");
    String before = identity(story);

    operator.kill();
    story.psql("cluster-demo-1", "INSERT INTO story VALUES (1)");
    story.switchWalAndAwaitArchived("cluster-demo-1");
    operator.awaitRollout();
    operator.restart();
    story.psql("cluster-demo-1", "INSERT INTO story VALUES (2)");
    story.switchWalAndAwaitArchived("cluster-demo-1");

    assertThat(identity(story)).isEqualTo(before);
    story.apply(Story.quick("cluster-restored.yaml"));
    story.awaitReady("cluster-restored");
    assertThat(story.psql("cluster-restored-1", "SELECT sum(n) FROM story")).isEqualTo("3");
  }

  @Test
  void anUpgradeWithAnotherSidecarImageReplacesEachPodOnceAndLosesNoRow() {
    Story story = teller.story();
    PluginOperator operator = new PluginOperator(story);
    String installed = operator.sidecarImage();
    String other = operator.otherSidecarImage();
    story.apply(story.stanza());
    story.apply(Story.quick("cluster.yaml").with("instances: 1", "instances: 2"));
    story.awaitReady("cluster-demo");
    story.backup("before", "backupType: full");
    Writer writer = Writer.start(story);
    try (writer) {
      operator.upgrade(other);
      for (String pod : PODS) {
        story.await(
            pod + " has the other image",
            Story.READY,
            () -> story.sidecarImage(pod),
            other::equals);
      }
      story.awaitReady("cluster-demo");
    } finally {
      operator.upgrade(installed);
    }
    for (String pod : PODS) {
      story.await(
          pod + " has the first image again",
          Story.READY,
          () -> story.sidecarImage(pod),
          installed::equals);
    }
    story.awaitReady("cluster-demo");
    story.switchWalAndAwaitArchived(story.primary("cluster-demo"));
    story.backup("after", "backupType: incr");
    story.awaitNoGap("stanza-sample");

    for (String pod : PODS) {
      assertThat(
              story.events().lines().filter(line -> line.startsWith("Pod/" + pod + " Scheduled: ")))
          .as("made once, replaced twice")
          .hasSize(3);
    }
    story.apply(Story.quick("cluster-restored.yaml"));
    story.awaitReady("cluster-restored");
    assertThat(writer.missing("cluster-restored-1"))
        .as("acknowledged rows that a restore does not bring")
        .isEmpty();
  }

  @Test
  void tenIdleMinutesChangeNothing() {
    Story story = teller.story();
    story.archivingCluster();
    story.switchWalAndAwaitArchived("cluster-demo-1");
    Story.pause(Duration.ofSeconds(20));
    String before = identity(story) + roles(story);
    Instant end = Instant.now().plus(Duration.ofMinutes(10));
    while (Instant.now().isBefore(end)) {
      Story.pause(Duration.ofSeconds(15));
      assertThat(identity(story) + roles(story)).isEqualTo(before);
    }
    story.say("ten idle minutes: no rollout, no restart, no patch");
  }

  private static String identity(Story story) {
    JsonNode pod = story.get("Pod", "cluster-demo-1");
    StringBuilder text = new StringBuilder(pod.path("metadata").path("uid").asText());
    pod.path("status")
        .path("containerStatuses")
        .forEach(s -> text.append(' ').append(s.path("restartCount").asInt()));
    return text
        + " generation "
        + story.get("Cluster", "cluster-demo").path("metadata").path("generation").asInt();
  }

  private static String roles(Story story) {
    StringBuilder text = new StringBuilder();
    for (String kind : new String[] {"Role", "RoleBinding"}) {
      for (JsonNode role : story.list(kind).path("items")) {
        text.append(' ')
            .append(role.path("metadata").path("name").asText())
            .append('@')
            .append(role.path("metadata").path("resourceVersion").asText());
      }
    }
    return text.toString();
  }
}
