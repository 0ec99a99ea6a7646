package com.dalibo.pgbackrest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

/// The plugin's operator dies, is restarted and idles: clusters do not notice.
@Isolated
class OperatorStory {
  private static final String NAMESPACE = "cnpg-system";

  @RegisterExtension final StoryTeller teller = new StoryTeller("operator");

  @Test
  void killedAndRestartedReplicasRestartNoPostgresAndLoseNoSegment() {
    Story story = teller.story();
    story.archivingCluster();
    story.psql("cluster-demo-1", "CREATE TABLE story (n int)");
    story.backup("full", "backupType: full");
    String before = identity(story);

    story
        .client()
        .pods()
        .inNamespace(NAMESPACE)
        .withLabel("app.kubernetes.io/name", "pgbackrest-controller")
        .withGracePeriod(0)
        .delete();
    story.say("killed all replicas of the operator");
    story.psql("cluster-demo-1", "INSERT INTO story VALUES (1)");
    story.switchWalAndAwaitArchived("cluster-demo-1");
    rolledOut(story);
    story
        .client()
        .apps()
        .deployments()
        .inNamespace(NAMESPACE)
        .withName("pgbackrest-controller")
        .rolling()
        .restart();
    rolledOut(story);
    story.psql("cluster-demo-1", "INSERT INTO story VALUES (2)");
    story.switchWalAndAwaitArchived("cluster-demo-1");

    assertThat(identity(story)).isEqualTo(before);
    story.apply(Story.quick("cluster-restored.yaml"));
    story.awaitReady("cluster-restored");
    assertThat(story.psql("cluster-restored-1", "SELECT sum(n) FROM story")).isEqualTo("3");
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

  private static void rolledOut(Story story) {
    story
        .client()
        .apps()
        .deployments()
        .inNamespace(NAMESPACE)
        .withName("pgbackrest-controller")
        .waitUntilCondition(
            d ->
                d.getStatus().getObservedGeneration() >= d.getMetadata().getGeneration()
                    && d.getSpec().getReplicas().equals(d.getStatus().getUpdatedReplicas())
                    && d.getSpec().getReplicas().equals(d.getStatus().getReadyReplicas())
                    && d.getSpec().getReplicas().equals(d.getStatus().getReplicas()),
            3,
            TimeUnit.MINUTES);
    story.say("all replicas of the operator are ready");
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
