package com.dalibo.pgbackrest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Quotas and limit ranges: nothing that runs is deleted for a pod that the namespace refuses, and
/// what the event says works when it is done literally.
class NamespaceStory {
  private static final String CLUSTER = "cluster-demo";
  private static final Duration SOON = Duration.ofMinutes(2);

  private static final String SIZED =
      "  resources: {requests: {cpu: 100m, memory: 256Mi}, limits: {cpu: \"1\", memory: 512Mi}}\n  storage:";

  private static final Pattern REMEDY =
      Pattern.compile(
          "apply (\\{.*\\}) and set the parameter 'pluginConfigRef: (\\S+)' of the"
              + " plugin in the Cluster");

  @RegisterExtension final StoryTeller teller = new StoryTeller("namespace");

  @Test
  void aQuotaRefusesThePluginBeforeAnInstanceIsDeletedAndTheRemedyWorks() {
    Story story = teller.story();
    story.apply(
        new Manifest(
            """
            apiVersion: v1
            kind: ResourceQuota
            metadata: {name: sized}
            spec: {hard: {requests.cpu: "4", requests.memory: 8Gi, limits.cpu: "16", limits.memory: 16Gi}}
            """));
    story.apply(story.stanza());
    Manifest cluster =
        Story.quick("cluster.yaml").with("instances: 1", "instances: 3").with("  storage:", SIZED);
    story.apply(
        new Manifest(cluster.yaml().replaceFirst("(?s)  plugins:.*  probes:", "  probes:")));
    story.awaitReady(CLUSTER);
    List<String> before = pods(story);
    assertThat(before).hasSize(3);

    story.apply(cluster);
    String told = awaitTold(story, "ResourcesRequired");
    assertThat(told)
        .contains("resource quota 'sized' of namespace '" + story.namespace() + "' demands")
        .contains("limits.cpu, limits.memory, requests.cpu, requests.memory");
    Story.pause(Duration.ofSeconds(30));
    assertThat(pods(story)).as("the pods that ran before").isEqualTo(before);

    followRemedy(story, told);
    awaitSidecars(story, 3);
    story.awaitReady(CLUSTER);
    story.switchWalAndAwaitArchived(story.primary(CLUSTER));
  }

  @Test
  void aQuotaThatIsUsedUpCostsNoInstanceAndTheRolloutFollowsWhenItIsRaised() {
    Story story = teller.story();
    story.apply(quota("350m"));
    story.apply(story.stanza());
    story.apply(
        new Manifest(
            """
            apiVersion: pgbackrest.dalibo.com/v1
            kind: PluginConfig
            metadata: {name: sized}
            spec: {resourcesRequirement: {requests: {cpu: 100m, memory: 128Mi}, limits: {cpu: "1", memory: 256Mi}}}
            """));
    Manifest cluster =
        Story.quick("cluster.yaml")
            .with("instances: 1", "instances: 3")
            .with(
                "stanzaRef: stanza-sample",
                "stanzaRef: stanza-sample\n        pluginConfigRef: sized")
            .with("  storage:", SIZED);
    story.apply(
        new Manifest(cluster.yaml().replaceFirst("(?s)  plugins:.*  probes:", "  probes:")));
    story.awaitReady(CLUSTER);
    List<String> before = pods(story);
    assertThat(before).hasSize(3);
    // Until then the figures of the quota are not believed.
    Story.pause(Duration.ofSeconds(70));

    story.apply(cluster);
    String told = awaitTold(story, "QuotaExhausted");
    assertThat(told)
        .contains("resource quota 'sized' of namespace '" + story.namespace() + "' has no room")
        .contains("requests.cpu");
    Story.pause(Duration.ofSeconds(30));
    assertThat(pods(story)).as("the pods that ran before").isEqualTo(before);

    story.apply(quota("2"));
    awaitSidecars(story, 3);
    story.awaitReady(CLUSTER);
    story.switchWalAndAwaitArchived(story.primary(CLUSTER));
  }

  private static Manifest quota(String cpu) {
    return new Manifest(
        """
        apiVersion: v1
        kind: ResourceQuota
        metadata: {name: sized}
        spec: {hard: {requests.cpu: "%s"}}
        """
            .formatted(cpu));
  }

  @Test
  void aLimitRangeThatGivesTooLittleAndALoweredClassAreReportedAndTheRemedyWorks() {
    Story story = teller.story();
    story.apply(
        new Manifest(
            """
            apiVersion: v1
            kind: LimitRange
            metadata: {name: small}
            spec:
              limits:
                - type: Container
                  default: {cpu: 500m, memory: 48Mi}
                  defaultRequest: {cpu: 10m, memory: 32Mi}
            """));
    story.apply(story.stanza());
    story.apply(
        Story.quick("cluster.yaml")
            .with(
                "  storage:",
                "  resources: {requests: {cpu: 500m, memory: 512Mi}, limits: {cpu: 500m, memory: 512Mi}}\n  storage:"));
    String told = awaitTold(story, "MemoryLimitTooLow");
    assertThat(told).contains("allows the sidecar of cluster '" + CLUSTER + "' 48Mi of memory");
    assertThat(awaitTold(story, "QoSClassLowered"))
        .contains("ask for the QoS class Guaranteed")
        .contains("with the same values in requests and limits");

    followRemedy(story, told);
    story.awaitReady(CLUSTER);
    story.switchWalAndAwaitArchived(CLUSTER + "-1");
    assertThat(story.get("Pod", CLUSTER + "-1").path("status").path("qosClass").asText())
        .isEqualTo("Burstable");
  }

  private static void followRemedy(Story story, String told) {
    Matcher remedy = REMEDY.matcher(told);
    assertThat(remedy.find()).as(told).isTrue();
    story.apply(new Manifest(remedy.group(1)));
    story.mergePatch(
        "Cluster",
        CLUSTER,
        """
        {"spec": {"plugins": [{"name": "pgbackrest.dalibo.com", "isWALArchiver": true,
          "parameters": {"stanzaRef": "stanza-sample", "pluginConfigRef": "%s"}}]}}
        """
            .formatted(remedy.group(2)));
  }

  /// The message of an event about the Cluster.
  private static String awaitTold(Story story, String reason) {
    String start = "Cluster/" + CLUSTER + " " + reason + ": ";
    return story
        .await("told: " + reason, SOON, story::events, events -> events.contains(start))
        .lines()
        .filter(line -> line.startsWith(start))
        .findFirst()
        .orElseThrow();
  }

  /// Names and identities.
  private static List<String> pods(Story story) {
    List<String> pods = new ArrayList<>();
    for (JsonNode pod : story.list("Pod").path("items")) {
      JsonNode metadata = pod.path("metadata");
      if (metadata.path("labels").path("cnpg.io/podRole").asText().equals("instance")) {
        pods.add(metadata.path("name").asText() + " " + metadata.path("uid").asText());
      }
    }
    return pods;
  }

  private static void awaitSidecars(Story story, int number) {
    story.await(
        number + " instances have the sidecar",
        Duration.ofMinutes(6),
        () ->
            pods(story).stream()
                .filter(
                    pod ->
                        story
                            .containers(pod.substring(0, pod.indexOf(' ')))
                            .contains("pgbackrest-plugin"))
                .count(),
        count -> count == number);
  }
}
