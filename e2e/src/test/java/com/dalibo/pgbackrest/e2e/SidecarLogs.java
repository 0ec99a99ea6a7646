package com.dalibo.pgbackrest.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// The logs of all sidecars that a Cluster has had since this was begun, those of recovery jobs
/// too: CNPG removes a job as soon as it has ended.
final class SidecarLogs implements AutoCloseable {
  private static final String CONTAINER = "pgbackrest-plugin";

  private final Story story;
  private final String cluster;
  private final Map<String, String> logs = new ConcurrentHashMap<>();
  private final AtomicBoolean ended = new AtomicBoolean();
  private final Thread thread;

  private SidecarLogs(Story story, String cluster) {
    this.story = story;
    this.cluster = cluster;
    thread = Thread.ofVirtual().unstarted(this::collect);
  }

  static SidecarLogs of(Story story, String cluster) {
    SidecarLogs logs = new SidecarLogs(story, cluster);
    logs.thread.start();
    return logs;
  }

  /// How often this was logged.
  long count(String words) {
    return logs.values().stream()
        .mapToLong(log -> log.lines().filter(line -> line.contains(words)).count())
        .sum();
  }

  private void collect() {
    while (!ended.get()) {
      for (JsonNode pod : story.list("Pod").path("items")) {
        JsonNode metadata = pod.path("metadata");
        if (metadata.path("labels").path("cnpg.io/cluster").asText().equals(cluster)) {
          read(metadata.path("name").asText(), metadata.path("uid").asText());
        }
      }
      Story.pause(Duration.ofMillis(300));
    }
  }

  private void read(String pod, String uid) {
    try {
      String log = story.log(pod, CONTAINER);
      logs.merge(uid, log, (before, now) -> now.length() < before.length() ? before : now);
    } catch (RuntimeException notYetOrNoLonger) {
      // The next look may find more.
    }
  }

  @Override
  public void close() {
    ended.set(true);
    try {
      thread.join();
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interruption);
    }
  }
}
