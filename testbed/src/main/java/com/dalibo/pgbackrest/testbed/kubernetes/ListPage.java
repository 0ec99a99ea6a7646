package com.dalibo.pgbackrest.testbed.kubernetes;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The part of a list that is asked for, as the API server cuts it.
record ListPage(int from, int limit) {
  static ListPage of(@Nullable String query) {
    int from = 0;
    int limit = Integer.MAX_VALUE;
    for (String parameter : (query == null ? "" : query).split("&", -1)) {
      if (parameter.startsWith("limit=")) {
        limit = Integer.parseInt(parameter.substring("limit=".length()));
      } else if (parameter.startsWith("continue=from-")) {
        from = Integer.parseInt(parameter.substring("continue=from-".length()));
      }
    }
    return new ListPage(from, limit);
  }

  JsonObject of(List<JsonObject> all) {
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
