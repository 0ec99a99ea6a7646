package com.dalibo.pgbackrest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What a Stanza shows while no Cluster archives to it.
class InspectionStory {
  private static final Duration SOON = Duration.ofMinutes(1);

  @RegisterExtension final StoryTeller teller = new StoryTeller("inspection");

  @Test
  void aWrongKeyIsReportedBeforeThereIsAClusterAndACorrectedOneAfterIt() {
    Story story = teller.story();
    story.apply(story.stanzaWithWrongKey());

    String message = message(awaitInspected(story, "stanza-sample"), "RepositoriesReachable");

    assertThat(message).startsWith("repository 1 cannot be read: ").contains("; remedy: ");
    assertThat(Story.condition(story.get("Stanza", "stanza-sample"), "Ready")).isEqualTo("False");
    assertThat(story.events()).contains("Stanza/stanza-sample RepositoryUnreachable: ");

    story.apply(story.stanza());
    story.annotate("Stanza", "stanza-sample", "pgbackrest.dalibo.com/inspect", "now");
    story.awaitReason("stanza-sample", "RepositoriesReachable", "AllReachable");
    story.awaitReason("stanza-sample", "Ready", "NoCluster");

    story.delete("Stanza", "stanza-sample");
    for (String kind : List.of("Job", "Role", "RoleBinding")) {
      story.await(
          "no " + kind + " is left behind",
          Duration.ofMinutes(2),
          () -> story.list(kind).path("items").toString(),
          items -> !items.contains("pgbackrest.dalibo.com"));
    }
    story.await(
        "no ServiceAccount is left behind",
        Duration.ofMinutes(2),
        () -> story.client().serviceAccounts().inNamespace(story.namespace()).list().getItems(),
        accounts ->
            accounts.stream()
                .noneMatch(account -> account.getMetadata().getName().contains("dalibo")));
  }

  @Test
  void theArchiveOfAClusterThatIsGoneIsShownHereAndInAnotherNamespace() throws Exception {
    Story story = teller.story();
    story.archivingCluster();
    JsonNode backup = story.backup("first", "backupType: full");
    String label = backup.path("status").path("backupId").asText();
    story.awaitReason("stanza-sample", "Ready", "Ready");
    assertThat(story.get("Stanza", "stanza-sample").path("status").has("inspection")).isFalse();
    assertThat(story.list("Job").path("items").toString())
        .doesNotContain("pgbackrest.dalibo.com-stanza-sample");

    story.delete("Cluster", "cluster-demo");
    story.awaitReason("stanza-sample", "Archiving", "ClusterGone");

    assertThat(lastBackup(awaitInspected(story, "stanza-sample"))).isEqualTo(label);
    story.awaitReason("stanza-sample", "Ready", "ClusterGone");

    try (Story elsewhere = new Story("elsewhere")) {
      elsewhere.apply(
          Manifest.example("stanza.yaml")
              .with("/cluster-demo", story.repoPath())
              .with("  stanzaConfiguration:", "  adoptBackups: true\n  stanzaConfiguration:"));
      JsonNode status = awaitInspected(elsewhere, "stanza-sample");
      assertThat(lastBackup(status)).isEqualTo(label);
      assertThat(status.path("reachableRepositories").asText()).isEqualTo("1/1");
      elsewhere.awaitReason("stanza-sample", "Ready", "Ready");
      isAdoptedAndLeftAlone(elsewhere, label);
    }
  }

  /// By CNPG, also when there is a Cluster of that name again.
  private static void isAdoptedAndLeftAlone(Story story, String label) {
    JsonNode adopted =
        story.await(
            "backup " + label + " has a Backup object",
            SOON,
            () -> story.list("Backup").path("items").path(0),
            backup -> backup.at("/status/phase").asText().equals("completed"));
    assertThat(adopted.at("/status/backupId").asText()).isEqualTo(label);
    assertThat(adopted.at("/spec/cluster/name").asText()).isEqualTo("cluster-demo");
    assertThat(adopted.at("/metadata/labels").toString())
        .contains("\"pgbackrest.dalibo.com/adopted\":\"true\"");

    story.apply(
        new Manifest(
            Story.quick("cluster.yaml")
                .yaml()
                .replaceFirst("(?s)  plugins:.*  probes:", "  probes:")));
    story.awaitReady("cluster-demo");
    Story.pause(Duration.ofSeconds(20));

    assertThat(story.list("Backup").path("items")).hasSize(1);
    assertThat(story.list("Backup").path("items").path(0).path("status"))
        .isEqualTo(adopted.path("status"));
    assertThat(story.get("Cluster", "cluster-demo").at("/status/conditions").toString())
        .doesNotContain("LastBackupFailed");
  }

  @Test
  void aQuotaThatAdmitsNoPodIsReported() {
    Story story = teller.story();
    story.apply(
        new Manifest(
            """
            apiVersion: v1
            kind: ResourceQuota
            metadata: {name: none}
            spec: {hard: {pods: "0"}}
            """));
    Story.pause(Duration.ofSeconds(2));
    story.apply(story.stanza());

    story.awaitReason("stanza-sample", "Inspected", "InspectionRefused");

    assertThat(message(story.get("Stanza", "stanza-sample").path("status"), "Inspected"))
        .contains("exceeded quota: none", "let the quotas and policies of the namespace admit");
  }

  private static JsonNode awaitInspected(Story story, String stanza) {
    return story
        .await(
            "stanza " + stanza + " is inspected",
            SOON,
            () -> story.get("Stanza", stanza),
            object -> object.path("status").path("inspection").has("time"))
        .path("status");
  }

  private static String lastBackup(JsonNode status) {
    return status.path("recoveryWindow").path("lastBackup").path("label").asText();
  }

  private static String message(JsonNode status, String type) {
    for (JsonNode condition : status.path("conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return condition.path("message").asText();
      }
    }
    return "";
  }
}
