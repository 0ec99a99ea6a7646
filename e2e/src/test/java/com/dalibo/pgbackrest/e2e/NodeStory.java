package com.dalibo.pgbackrest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Two instances on two nodes, and the node of the primary is drained: CNPG switches over, and the
/// archive goes on. Needs the node that `./run cluster node start` adds.
class NodeStory {
  private static final String CLUSTER = "cluster-demo";

  @RegisterExtension final StoryTeller teller = new StoryTeller("node");

  @Test
  void theArchiveHasNoGapWhenTheNodeOfThePrimaryIsDrainedTwice() {
    Story story = teller.story();
    try (Node node = Node.second(story)) {
      story.apply(story.stanza());
      story.apply(onBothNodes());
      story.awaitReady(CLUSTER);
      story.backup("first", "backupType: full");
      Writer writer = Writer.start(story);
      try (writer) {
        drainThePrimary(story, node, writer, "drained-once");
        drainThePrimary(story, node, writer, "drained-twice");
      }
      story.say(
          writer.acknowledged().size() + " rows acknowledged, " + writer.refused() + " refused");
      story.switchWalAndAwaitArchived(story.primary(CLUSTER));
      story.awaitNoGap("stanza-sample");

      story.apply(Story.quick("cluster-restored.yaml"));
      story.awaitReady("cluster-restored");
      assertThat(writer.missing("cluster-restored-1"))
          .as("acknowledged rows that a restore does not bring")
          .isEmpty();
    }
  }

  private static void drainThePrimary(Story story, Node node, Writer writer, String backup) {
    String drained = onlyInstance(node);
    String former = story.primary(CLUSTER);
    if (!drained.equals(former)) {
      story.switchover(CLUSTER, drained);
      // A former primary that has not met the new one waits for it, also where it never comes back.
      awaitFollowing(story, former, drained);
    }
    node.drain();
    String primary =
        story.await(
            "another instance is primary",
            Story.READY,
            () -> story.primary(CLUSTER),
            now -> !now.equals(drained) && !now.isEmpty());
    int last = writer.acknowledged().lastKey();
    story.await(
        "rows are written on " + primary,
        Story.READY,
        () -> writer.acknowledged().lastKey(),
        now -> now > last);
    story.switchWalAndAwaitArchived(primary);
    story.backup(backup, "backupType: incr");

    node.uncordon();
    story.awaitReady(CLUSTER);
    assertThat(onlyInstance(node)).as("the instance that is back").isEqualTo(drained);
    awaitFollowing(story, drained, primary);
  }

  private static void awaitFollowing(Story story, String standby, String primary) {
    String written = story.psql(primary, "SELECT pg_current_wal_lsn()");
    story.await(
        standby + " follows",
        Story.READY,
        () ->
            story.psql(
                standby,
                "SELECT pg_is_in_recovery() AND pg_last_wal_replay_lsn() >= '" + written + "'"),
        "t"::equals);
  }

  private static String onlyInstance(Node node) {
    List<Pod> pods = node.pods();
    assertThat(pods).as("pods on the second node").hasSize(1);
    return pods.getFirst().getMetadata().getName();
  }

  private static Manifest onBothNodes() {
    return Story.quick("cluster.yaml")
        .with("instances: 1", "instances: 2")
        .with(
            "  storage:",
            """
              affinity:
                podAntiAffinityType: required
                tolerations: [{key: second, operator: Exists}]
              storage:\
            """);
  }
}
