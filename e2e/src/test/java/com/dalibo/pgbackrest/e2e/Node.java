package com.dalibo.pgbackrest.e2e;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;

/// A node that a story drains as `kubectl drain` does, of the story's own pods. It can be used
/// again when the story ends.
final class Node implements AutoCloseable {
  private final Story story;
  private final String name;

  private Node(Story story, String name) {
    this.story = story;
    this.name = name;
  }

  /// The second node of the local cluster. No other story has pods there.
  static Node second(Story story) {
    Node second = new Node(story, "second");
    if (story.client().nodes().withName("second").get() == null) {
      throw new AssertionError(
          "this story needs the node 'second': add it with './run cluster node start'");
    }
    second.uncordon();
    return second;
  }

  /// Lets no pod come and evicts those that are there, again and again until they may go.
  void drain() {
    unschedulable(true);
    story.say("cordoned node " + name);
    story.await("drained node " + name, Story.READY, () -> evict(), left -> left.isEmpty());
  }

  void uncordon() {
    unschedulable(false);
    story.say("node " + name + " takes pods");
  }

  /// The pods of the story on this node.
  List<Pod> pods() {
    return story
        .client()
        .pods()
        .inNamespace(story.namespace())
        .withField("spec.nodeName", name)
        .list()
        .getItems();
  }

  private List<Pod> evict() {
    List<Pod> pods = pods();
    for (Pod pod : pods) {
      if (pod.getMetadata().getDeletionTimestamp() == null
          && story.client().pods().resource(pod).evict()) {
        story.say("evicted " + pod.getMetadata().getName());
      }
    }
    return pods;
  }

  private void unschedulable(boolean value) {
    story
        .client()
        .nodes()
        .withName(name)
        .patch(
            PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"unschedulable\":" + value + "}}");
  }

  @Override
  public void close() {
    uncordon();
  }
}
