package com.dalibo.pgbackrest.cnpgi.log;

import com.google.gson.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.temporal.ChronoUnit;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// One JSON object per line on standard error, with the keys and the level names that CNPG's own
/// lines have, so that `kubectl cnpg logs pretty` reads both.
final class JsonLines extends Formatter {

  static final Handler STANDARD_ERROR = new StandardError();

  /// Sends everything that this program and its libraries log through this format.
  static void install() {
    var root = Logger.getLogger("");
    for (var handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    root.addHandler(STANDARD_ERROR);
  }

  @Override
  public String format(LogRecord line) {
    var json = new JsonObject();
    json.addProperty("level", level(line.getLevel()));
    json.addProperty("ts", line.getInstant().truncatedTo(ChronoUnit.MICROS).toString());
    json.addProperty("logger", name(line.getLoggerName()));
    if (line instanceof Log.Line ours) {
      json.addProperty("msg", ours.getMessage());
      ours.values().forEach((key, value) -> add(json, key, value));
    } else {
      json.addProperty("msg", formatMessage(line));
    }
    var failure = line.getThrown();
    if (failure != null) {
      json.addProperty(
          "error", failure.getMessage() == null ? failure.toString() : failure.getMessage());
      if (isUnexpected(failure) || !(line instanceof Log.Line)) {
        json.addProperty("stacktrace", stackTrace(failure));
      }
    }
    return json.toString();
  }

  private static void add(JsonObject json, String key, @Nullable Object value) {
    switch (value) {
      case null -> {}
      case Number number -> json.addProperty(key, number);
      case Boolean flag -> json.addProperty(key, flag);
      default -> json.addProperty(key, value.toString());
    }
  }

  private static String name(@Nullable String logger) {
    return logger == null ? "" : logger.substring(logger.lastIndexOf('.') + 1);
  }

  private static String level(Level level) {
    if (level.intValue() >= Level.SEVERE.intValue()) {
      return "error";
    }
    if (level.intValue() >= Level.WARNING.intValue()) {
      return "warning";
    }
    if (level.intValue() >= Level.INFO.intValue()) {
      return "info";
    }
    return level.intValue() >= Level.FINE.intValue() ? "debug" : "trace";
  }

  private static boolean isUnexpected(Throwable failure) {
    return failure instanceof RuntimeException || failure instanceof Error;
  }

  private static String stackTrace(Throwable failure) {
    var text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }

  /// The standard error of the moment. `java.util.logging`'s own handler would read its settings,
  /// and a second formatter, first.
  private static final class StandardError extends Handler {

    private StandardError() {
      setFormatter(new JsonLines());
    }

    @Override
    public void publish(LogRecord line) {
      if (isLoggable(line)) {
        // One call per line: PrintStream is a lock, and lines of two threads must not mix.
        System.err.println(getFormatter().format(line));
      }
    }

    @Override
    public void flush() {
      System.err.flush();
    }

    @Override
    public void close() {
      flush();
    }
  }
}
