package com.dalibo.pgbackrest.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Gives each test a [Story], prints how long it took, and keeps the objects, events and logs of a
/// failed one under `target/stories/NAME/`.
final class StoryTeller implements BeforeEachCallback, AfterEachCallback {
  private final String name;
  private Story story;
  private long began;

  StoryTeller(String name) {
    this.name = name;
  }

  Story story() {
    return story;
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    began = System.nanoTime();
    story = new Story(name);
    story.say("begins: " + context.getDisplayName());
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    boolean failed = context.getExecutionException().isPresent();
    if (failed) {
      Path folder = Path.of("target", "stories", name, context.getRequiredTestMethod().getName());
      keep(folder);
      story.say(
          "FAILED, see e2e/" + folder + ": " + context.getExecutionException().get().getMessage());
    }
    System.out.printf(
        "STORY %-20s %-70s %s %.1f s%n",
        name,
        context.getRequiredTestMethod().getName(),
        failed ? "failed" : "passed",
        (System.nanoTime() - began) / 1e9);
    story.close();
  }

  private void keep(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("events.txt"), story.events());
    for (String kind :
        List.of(
            "Cluster",
            "Backup",
            "Stanza",
            "Pod",
            "Job",
            "Role",
            "PersistentVolumeClaim",
            "VolumeSnapshot")) {
      Files.writeString(folder.resolve(kind + ".json"), story.list(kind).toPrettyString());
    }
    for (JsonNode pod : story.list("Pod").path("items")) {
      String podName = pod.path("metadata").path("name").asText();
      for (String part : List.of("initContainers", "containers")) {
        for (JsonNode container : pod.path("spec").path(part)) {
          String containerName = container.path("name").asText();
          Files.writeString(
              folder.resolve(podName + "." + containerName + ".log"),
              logOf(podName, containerName));
        }
      }
    }
  }

  private String logOf(String pod, String container) {
    try {
      return story.log(pod, container);
    } catch (RuntimeException failure) {
      return "no log: " + failure.getMessage();
    }
  }
}
