package com.dalibo.pgbackrest.command;

import com.dalibo.pgbackrest.process.ProgramOutput;

/// A push that pgBackRest calls a success. Where it dropped the file because
/// `archive-push-queue-max` was exceeded, the file is in no repository.
public record ArchivePush(boolean dropped) {

  static ArchivePush of(ProgramOutput output) {
    return new ArchivePush(
        output.warnings().stream().anyMatch(line -> line.text().contains("dropped WAL file")));
  }
}
