package com.dalibo.pgbackrest.process;

/// One message of pgBackRest's log, with its continuation lines. The code is 0 where the message
/// has none.
public record LogLine(Level level, int code, String text) {

  /// The weight pgBackRest gives a message; `OTHER` is text that is no log message, such as the
  /// loader's complaints.
  public enum Level {
    ASSERT,
    ERROR,
    WARN,
    INFO,
    DETAIL,
    DEBUG,
    TRACE,
    OTHER
  }

  public boolean isError() {
    return level == Level.ERROR || level == Level.ASSERT;
  }

  public boolean isWarning() {
    return level == Level.WARN;
  }
}
