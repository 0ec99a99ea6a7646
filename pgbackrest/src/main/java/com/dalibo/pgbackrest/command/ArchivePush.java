package com.dalibo.pgbackrest.command;

import com.dalibo.pgbackrest.process.LogLine;
import com.dalibo.pgbackrest.process.ProgramOutput;
import java.util.List;

/// A push that pgBackRest calls a success. Where it dropped the file because
/// `archive-push-queue-max` was exceeded, the file is in no repository.
public record ArchivePush(boolean dropped, List<LogLine> warnings) {
  public ArchivePush {
    warnings = List.copyOf(warnings);
  }

  static ArchivePush of(ProgramOutput output) {
    var warnings = output.warnings();
    return new ArchivePush(
        warnings.stream().anyMatch(line -> line.text().contains("dropped WAL file")), warnings);
  }
}
