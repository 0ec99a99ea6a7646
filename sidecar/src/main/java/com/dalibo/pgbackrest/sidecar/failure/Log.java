package com.dalibo.pgbackrest.sidecar.failure;

import com.google.gson.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What the sidecar says: one JSON object per line on standard error, shaped as CNPG's own lines so
/// that one `kubectl logs` query reads both.
public final class Log {

  public enum Level {
    DEBUG,
    INFO,
    WARN,
    ERROR
  }

  private static volatile Level threshold = Level.INFO;

  private final String logger;

  private Log(String logger) {
    this.logger = logger;
  }

  public static Log named(String logger) {
    return new Log(logger);
  }

  public static void threshold(Level level) {
    threshold = level;
  }

  /// Keys and values alternate: `info("archived", "walSegment", name)`.
  public void debug(String message, @Nullable Object... keysAndValues) {
    write(Level.DEBUG, message, null, keysAndValues);
  }

  public void info(String message, @Nullable Object... keysAndValues) {
    write(Level.INFO, message, null, keysAndValues);
  }

  public void warn(String message, @Nullable Object... keysAndValues) {
    write(Level.WARN, message, null, keysAndValues);
  }

  public void error(String message, @Nullable Throwable cause, @Nullable Object... keysAndValues) {
    write(Level.ERROR, message, cause, keysAndValues);
  }

  private void write(
      Level level, String message, @Nullable Throwable cause, @Nullable Object... keysAndValues) {
    if (level.compareTo(threshold) < 0) {
      return;
    }
    var line = new JsonObject();
    line.addProperty("level", level.name().toLowerCase(Locale.ROOT));
    line.addProperty("ts", Instant.now().truncatedTo(ChronoUnit.MICROS).toString());
    line.addProperty("logger", logger);
    line.addProperty("msg", message);
    for (var i = 0; i + 1 < keysAndValues.length; i += 2) {
      add(line, String.valueOf(keysAndValues[i]), keysAndValues[i + 1]);
    }
    if (cause != null) {
      line.addProperty("error", cause.getMessage() == null ? cause.toString() : cause.getMessage());
      if (cause instanceof RuntimeException || cause instanceof Error) {
        line.addProperty("stacktrace", stackTrace(cause));
      }
    }
    // One call per line: PrintStream is a lock, and lines of two threads must not mix.
    System.err.println(line);
  }

  private static void add(JsonObject line, String key, @Nullable Object value) {
    switch (value) {
      case null -> {}
      case Number number -> line.addProperty(key, number);
      case Boolean flag -> line.addProperty(key, flag);
      default -> line.addProperty(key, value.toString());
    }
  }

  private static String stackTrace(Throwable cause) {
    var text = new StringWriter();
    cause.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }
}
