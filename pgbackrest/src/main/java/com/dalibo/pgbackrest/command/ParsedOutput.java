package com.dalibo.pgbackrest.command;

import com.dalibo.pgbackrest.error.ErrorCode;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.process.ProgramOutput;
import java.util.function.Function;

/// Reads what a command printed, and says what it printed when that cannot be read.
final class ParsedOutput {
  private ParsedOutput() {}

  static <T> T of(String command, ProgramOutput output, Function<String, T> parser)
      throws PgBackRestException {
    try {
      return parser.apply(output.stdout());
    } catch (RuntimeException e) {
      var text = output.stdout();
      throw PgBackRestException.of(
          command,
          ErrorCode.UNREADABLE,
          "its output could not be read: " + text.substring(0, Math.min(200, text.length())),
          e);
    }
  }
}
