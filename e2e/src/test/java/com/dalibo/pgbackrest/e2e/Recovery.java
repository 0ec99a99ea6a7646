package com.dalibo.pgbackrest.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;

/// Where CNPG runs the recovery of a new cluster: the pod of a Job up to 1.30, the first instance
/// itself from 1.31 on.
record Recovery(Story story, String cluster) {
  private static final List<String> ROLES = List.of("full-recovery", "snapshot-recovery");
  private static final String CONTAINER = "bootstrap-instance";

  /// The pod, or nothing before there is one.
  String pod() {
    for (JsonNode pod : story.list("Pod").path("items")) {
      if (!container(pod).isEmpty()
          && !pod.path("status").path("phase").asText().equals("Failed")) {
        return pod.path("metadata").path("name").asText();
      }
    }
    return "";
  }

  /// What the recovery has written so far, PostgreSQL's lines included.
  String log() {
    String pod = pod();
    return pod.isEmpty() ? "" : story.log(pod, container(story.get("Pod", pod)));
  }

  /// Waits until the recovery has replayed WAL from the archive.
  void awaitWal(Duration limit) {
    story.await("recovery has begun", limit, this::log, log -> log.contains("restored log file"));
  }

  private String container(JsonNode pod) {
    JsonNode labels = pod.path("metadata").path("labels");
    if (!labels.path("cnpg.io/cluster").asText().equals(cluster)) {
      return "";
    }
    String role = labels.path("cnpg.io/jobRole").asText();
    if (ROLES.contains(role)) {
      return role;
    }
    List<String> names = pod.path("spec").path("initContainers").findValuesAsText("name");
    return names.contains(CONTAINER) ? CONTAINER : "";
  }
}
