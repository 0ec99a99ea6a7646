package com.dalibo.pgbackrest.command;

import com.dalibo.pgbackrest.process.LogLine;
import java.util.List;

/// A backup that was made. Says nothing about the WAL it needs: that has to be looked for in the
/// archive.
public record TakenBackup(String label, List<LogLine> warnings) {
  public TakenBackup {
    warnings = List.copyOf(warnings);
  }
}
