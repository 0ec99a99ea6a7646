package com.dalibo.pgbackrest.command;

import com.dalibo.pgbackrest.process.LogLine;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// One backup set to put into a data directory. Writes no recovery settings (`--type=none`) unless
/// `extra` says otherwise.
public record RestoreCommand(
    int repository,
    String set,
    Path pgPath,
    Map<String, String> linkMap,
    Map<String, String> tablespaceMap,
    List<String> extra,
    Consumer<LogLine> progress) {
  public RestoreCommand {
    linkMap = Map.copyOf(linkMap);
    tablespaceMap = Map.copyOf(tablespaceMap);
    extra = List.copyOf(extra);
  }
}
