package com.dalibo.pgbackrest.command;

import com.dalibo.pgbackrest.info.BackupType;
import com.dalibo.pgbackrest.process.LogLine;
import java.util.Map;
import java.util.function.Consumer;

/// One backup to make, in one repository. Progress gets the log as it is written, down to the
/// `DETAIL` of each file.
public record BackupCommand(
    BackupType type, int repository, Map<String, String> annotations, Consumer<LogLine> progress) {
  public BackupCommand {
    annotations = Map.copyOf(annotations);
  }
}
