package com.dalibo.pgbackrest.testbed.kubernetes;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The part of a list that is asked for, as the API server cuts it.
///
/// @param labels that an object has to have
record ListPage(int from, int limit, Map<String, String> labels) {
  static ListPage of(@Nullable String query) {
    int from = 0;
    int limit = Integer.MAX_VALUE;
    Map<String, String> labels = new HashMap<>();
    for (String parameter : (query == null ? "" : query).split("&", -1)) {
      if (parameter.startsWith("limit=")) {
        limit = Integer.parseInt(parameter.substring("limit=".length()));
      } else if (parameter.startsWith("continue=from-")) {
        from = Integer.parseInt(parameter.substring("continue=from-".length()));
      } else if (parameter.startsWith("labelSelector=")) {
        for (String label : parameter.substring("labelSelector=".length()).split(",", -1)) {
          String[] sides = label.split("=", 2);
          labels.put(sides[0], sides[1]);
        }
      }
    }
    return new ListPage(from, limit, labels);
  }

  private boolean hasLabels(JsonObject object) {
    if (labels.isEmpty()) {
      return true;
    }
    return object.getAsJsonObject("metadata").get("labels") instanceof JsonObject present
        && labels.entrySet().stream()
            .allMatch(
                label ->
                    present.has(label.getKey())
                        && present.get(label.getKey()).getAsString().equals(label.getValue()));
  }

  JsonObject of(List<JsonObject> stored) {
    List<JsonObject> all = stored.stream().filter(this::hasLabels).toList();
    JsonArray items = new JsonArray();
    all.stream().skip(from).limit(limit).forEach(items::add);
    JsonObject metadata = new JsonObject();
    if (all.size() - from > limit) {
      metadata.addProperty("continue", "from-" + (from + limit));
    }
    JsonObject list = new JsonObject();
    list.addProperty("kind", "List");
    list.addProperty("apiVersion", "v1");
    list.add("items", items);
    list.add("metadata", metadata);
    return list;
  }
}
