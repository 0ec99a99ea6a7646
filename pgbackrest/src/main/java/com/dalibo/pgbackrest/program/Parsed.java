package com.dalibo.pgbackrest.program;

import java.util.function.Function;

/// Reads what a command printed, and says what it printed when that cannot be read.
final class Parsed {
  private Parsed() {}

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
