package com.dalibo.pgbackrest.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The drills of a story, of the Stanza `stanza-sample`.
final class Drills {
  private static final Duration LONG = Duration.ofMinutes(8);

  private Drills() {}

  /// One run to its end; its status.
  static JsonNode run(Story story, String name, String more) {
    apply(story, name, "SELECT count(*) > 10 FROM orders", more);
    return awaitEnd(story, name);
  }

  static JsonNode runWith(Story story, String name, String sql) {
    apply(story, name, sql, "");
    return awaitEnd(story, name);
  }

  static void apply(Story story, String name, String sql, String more) {
    story.apply(
        new Manifest(
            """
            apiVersion: pgbackrest.dalibo.com/v1
            kind: RestoreDrill
            metadata: {name: %s}
            spec: {stanzaRef: stanza-sample, checks: [{name: orders, database: postgres, sql: "%s"}], timeout: 15m, %s}
            """
                .formatted(name, sql, more)));
  }

  /// The status of the run.
  static JsonNode awaitEnd(Story story, String drill) {
    return story
        .await(
            "drill " + drill + " has ended",
            LONG,
            () -> runOf(story, drill),
            run -> run.path("status").path("phase").asText().equals("Ended"))
        .path("status");
  }

  private static JsonNode runOf(Story story, String drill) {
    return runs(story, drill).stream()
        .findFirst()
        .orElseGet(() -> story.get("RestoreDrillRun", "none"));
  }

  /// All that are kept.
  static List<JsonNode> runs(Story story, String drill) {
    List<JsonNode> found = new ArrayList<>();
    for (JsonNode run : story.list("RestoreDrillRun").path("items")) {
      if (run.at("/spec/drillRef").asText().equals(drill)) {
        found.add(run);
      }
    }
    return found;
  }

  static void awaitNothingLeft(Story story) {
    for (Map.Entry<String, String> kind :
        Map.of("Cluster", "drill-", "Pod", "drill-", "Job", "drill-", "Secret", "drill-")
            .entrySet()) {
      story.await(
          "no " + kind.getKey() + " of a drill is left",
          Duration.ofMinutes(2),
          () -> story.list(kind.getKey()).path("items").toString(),
          items -> !items.contains("\"name\":\"" + kind.getValue()));
    }
  }
}
