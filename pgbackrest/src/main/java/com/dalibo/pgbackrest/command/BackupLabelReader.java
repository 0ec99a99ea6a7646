package com.dalibo.pgbackrest.command;

import com.dalibo.pgbackrest.error.ErrorCode;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.process.LogLine;
import java.util.function.Consumer;

/// Finds the label of a new backup in the log of the command that makes it.
final class BackupLabelReader {
  private static final String NEW = "new backup label = ";

  private volatile String label = "";

  Consumer<LogLine> andThen(Consumer<LogLine> next) {
    return line -> {
      if (line.text().startsWith(NEW)) {
        label = line.text().substring(NEW.length()).strip();
      }
      next.accept(line);
    };
  }

  String found() throws PgBackRestException {
    if (label.isEmpty()) {
      throw PgBackRestException.of(
          "backup", ErrorCode.UNREADABLE, "it succeeded but printed no label", null);
    }
    return label;
  }
}
