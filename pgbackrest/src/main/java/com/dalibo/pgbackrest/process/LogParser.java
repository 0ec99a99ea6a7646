package com.dalibo.pgbackrest.process;

import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Turns lines of text into the messages of pgBackRest's log: a message begins with its level, and
/// lines that follow an error or a warning indented belong to it. Other messages are one line each
/// and are told at once.
public final class LogParser {
  // '2026-11-23 00:43:23.221 P00  ERROR: [031]: text' on the console, 'ERROR: [031]: text' on
  // stderr.
  private static final Pattern MESSAGE =
      Pattern.compile(
          "(?:\\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}:\\d{2}\\.\\d{3} )?(?:P\\d{2,3} +)?"
              + "(ASSERT|ERROR|WARN|INFO|DETAIL|DEBUG|TRACE): (?:\\[(\\d{3})\\]: )?(.*)");
  private static final int MAX_TEXT = 16 * 1024;

  private final Consumer<LogLine> messages;
  private LogLine.@Nullable Level level;
  private int code;
  private final StringBuilder text = new StringBuilder();

  public LogParser(Consumer<LogLine> messages) {
    this.messages = messages;
  }

  static boolean isMessage(String line) {
    return MESSAGE.matcher(line).matches();
  }

  public void line(String line) {
    var message = MESSAGE.matcher(line);
    if (message.matches()) {
      begin(
          LogLine.Level.valueOf(message.group(1)),
          message.group(2) == null ? 0 : Integer.parseInt(message.group(2)),
          message.group(3));
      // Only trouble is told in several lines; "waiting for the checkpoint" is news while it waits.
      if (level != LogLine.Level.ASSERT
          && level != LogLine.Level.ERROR
          && level != LogLine.Level.WARN) {
        end();
      }
    } else if (level != null && (line.startsWith(" ") || line.isEmpty())) {
      append(line.strip());
    } else if (!line.isBlank()) {
      begin(LogLine.Level.OTHER, 0, line.strip());
    }
  }

  public void end() {
    if (level == null) {
      return;
    }
    messages.accept(new LogLine(level, code, text.toString().strip()));
    level = null;
    text.setLength(0);
  }

  private void begin(LogLine.Level newLevel, int newCode, String newText) {
    end();
    level = newLevel;
    code = newCode;
    append(newText);
  }

  private void append(String line) {
    if (text.length() + line.length() > MAX_TEXT) {
      return;
    }
    if (!text.isEmpty()) {
      text.append('\n');
    }
    text.append(line);
  }
}
