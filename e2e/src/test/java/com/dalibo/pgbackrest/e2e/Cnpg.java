package com.dalibo.pgbackrest.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/// The installed CloudNativePG, and its plugin of kubectl.
record Cnpg(Story story, Version version) {
  private static final Version FIRST_WITH_STATUS = Version.parse("1.30.1");

  static Cnpg installed(Story story) {
    String image =
        story
            .client()
            .apps()
            .deployments()
            .inNamespace("cnpg-system")
            .withName("cnpg-controller-manager")
            .get()
            .getSpec()
            .getTemplate()
            .getSpec()
            .getContainers()
            .getFirst()
            .getImage();
    return new Cnpg(story, Version.parse(image.replaceFirst("@.*", "").replaceFirst(".*:", "")));
  }

  /// Earlier releases remove the text at the start of each reconciliation.
  boolean keepsTheStatusOfPlugins() {
    return version.compareTo(FIRST_WITH_STATUS) >= 0;
  }

  /// What `kubectl cnpg status` prints.
  String status(String cluster) {
    try {
      Process kubectl =
          new ProcessBuilder("kubectl", "cnpg", "status", cluster, "--namespace", story.namespace())
              .redirectErrorStream(true)
              .start();
      String text = new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = kubectl.waitFor();
      if (code != 0) {
        throw new IllegalStateException("kubectl cnpg status ended with " + code + ": " + text);
      }
      return text;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interruption);
    }
  }

  /// How often anybody changes the Cluster in that time.
  int changes(String cluster, Duration time) {
    Instant end = Instant.now().plus(time);
    Set<String> versions = new HashSet<>();
    while (Instant.now().isBefore(end)) {
      JsonNode metadata = story.get("Cluster", cluster).path("metadata");
      versions.add(metadata.path("resourceVersion").asText());
      Story.pause(Duration.ofMillis(100));
    }
    story.say((versions.size() - 1) + " changes of Cluster " + cluster + " in " + time);
    return versions.size() - 1;
  }
}
