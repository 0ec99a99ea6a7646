package com.dalibo.pgbackrest.command;

import com.dalibo.pgbackrest.error.ErrorCode;
import com.dalibo.pgbackrest.error.FailureText;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.process.ProgramOutput;

/// The two answers of an archive that could be asked.
public enum ArchiveGet {
  FOUND,
  NOT_FOUND;

  private static final int NOT_THERE = 1;

  /// The answer of `archive-get`, read from its exit code and log.
  static ArchiveGet of(ProgramOutput output) throws PgBackRestException {
    if (output.exitCode() == 0) {
      return FOUND;
    }
    if (output.exitCode() != NOT_THERE) {
      throw PgBackRestException.of("archive-get", output);
    }
    // Also 1 when one repository has no such file and another could not be asked: then nobody
    // knows.
    var failures = FailureText.repositories(output);
    if (failures.isEmpty()) {
      return NOT_FOUND;
    }
    var text = new StringBuilder("not every repository could be queried");
    failures.forEach(
        failure -> text.append("\nrepo%d: %s".formatted(failure.repository(), failure.message())));
    throw new PgBackRestException(
        "archive-get",
        ErrorCode.COMMAND.code(),
        ErrorCode.COMMAND,
        text.toString(),
        null,
        failures,
        null);
  }
}
