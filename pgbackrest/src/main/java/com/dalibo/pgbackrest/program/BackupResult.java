package com.dalibo.pgbackrest.program;

import java.util.List;

/// A backup that was made. Says nothing about the WAL it needs: that has to be looked for in the
/// archive.
public record BackupResult(String label, List<LogLine> warnings) {
  public BackupResult {
    warnings = List.copyOf(warnings);
  }
}
