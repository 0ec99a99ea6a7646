package com.dalibo.pgbackrest.command;

import com.google.gson.JsonParser;
import java.util.List;

/// A file or folder of a repository, its name relative to what was listed; the size is 0 for
/// folders.
///
/// @param time when the store says that it was written, in whole seconds; 0 where it does not
public record RepositoryFile(String name, String type, long size, long time) {

  static List<RepositoryFile> parse(String json) {
    return JsonParser.parseString(json).getAsJsonObject().entrySet().stream()
        .filter(entry -> !entry.getKey().equals("."))
        .map(
            entry -> {
              var file = entry.getValue().getAsJsonObject();
              return new RepositoryFile(
                  entry.getKey(),
                  file.get("type").getAsString(),
                  file.has("size") ? file.get("size").getAsLong() : 0,
                  file.has("time") ? file.get("time").getAsLong() : 0);
            })
        .toList();
  }
}
