package com.dalibo.pgbackrest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Two Clusters in one namespace, of which one has a name or an archive that the other might take.
class NeighbourStory {
  private static final String WITHOUT_PLUGIN = "(?s)  plugins:.*  probes:";

  @RegisterExtension final StoryTeller teller = new StoryTeller("neighbour");

  @Test
  void aClusterWithANameThatEndsLikeOurObjectsKeepsItsPermissionsAndFailsOver() {
    Story story = teller.story();
    String neighbour = "app-pgbackrest";
    story.apply(
        new Manifest(
            Story.quick("cluster.yaml")
                .yaml()
                .replace("name: cluster-demo", "name: " + neighbour)
                .replace("instances: 1", "instances: 2")
                .replaceFirst(WITHOUT_PLUGIN, "  probes:")));
    story.awaitReady(neighbour);
    story.apply(story.stanza());
    story.apply(Story.quick("cluster.yaml").with("name: cluster-demo", "name: app"));
    story.awaitReady("app");
    story.switchWalAndAwaitArchived("app-1");

    assertThat(subjects(story, neighbour)).containsExactly(neighbour);
    String before = story.primary(neighbour);
    story.deleteWithoutGrace(before);
    story.await(
        "the neighbour has failed over",
        Story.READY,
        () -> story.primary(neighbour),
        primary -> !primary.isEmpty() && !primary.equals(before));
    story.awaitReady(neighbour);
  }

  @Test
  void aPluginEnabledOnAClusterWhoseStanzaHoldsAnotherArchiveIsRefusedAndSaysSo() {
    Story story = teller.story();
    story.archivingCluster();
    story.psql("cluster-demo-1", "CREATE TABLE story AS SELECT 'first' AS what");
    story.backup("first", "backupType: full");
    story.switchWalAndAwaitArchived("cluster-demo-1");

    Manifest late = Story.quick("cluster.yaml").with("name: cluster-demo", "name: cluster-late");
    story.apply(new Manifest(late.yaml().replaceFirst(WITHOUT_PLUGIN, "  probes:")));
    story.awaitReady("cluster-late");
    story.psql("cluster-late-1", "CREATE TABLE story AS SELECT 'late' AS what");
    story.apply(late);

    story.awaitEvent(
        "the late Cluster is told whose archive it is",
        event ->
            event.startsWith("Cluster/cluster-late OwnershipRefused: ")
                && event.contains("cluster-demo"));
    story.switchWalAndAwaitArchived("cluster-demo-1");
    story.apply(Story.quick("cluster-restored.yaml"));
    story.awaitReady("cluster-restored");
    assertThat(story.psql("cluster-restored-1", "SELECT what FROM story")).isEqualTo("first");
  }

  /// Names of the service accounts that a RoleBinding gives its Role to.
  private static List<String> subjects(Story story, String binding) {
    List<String> names = new ArrayList<>();
    for (JsonNode subject : story.get("RoleBinding", binding).path("subjects")) {
      names.add(subject.path("name").asText());
    }
    return names;
  }
}
