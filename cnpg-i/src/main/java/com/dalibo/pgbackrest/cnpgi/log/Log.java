package com.dalibo.pgbackrest.cnpgi.log;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The log of both programs over `java.util.logging`: a sentence that says what happened, and keys
/// that say to whom. Lines of libraries, such as gRPC's, take the same way and look the same.
public final class Log {

  private static volatile int threshold = Level.INFO.intValue();

  static {
    JsonLines.install();
  }

  private final String name;

  private Log(String name) {
    this.name = name;
  }

  /// The log of a class, under its simple name.
  public static Log of(Class<?> owner) {
    return new Log(owner.getSimpleName());
  }

  /// The log of an activity that several classes share.
  public static Log named(String activity) {
    return new Log(activity);
  }

  /// What is less than this is not logged. Libraries have no say below `INFO`.
  public static void setThreshold(Level level) {
    threshold = level.intValue();
    Logger.getLogger("").setLevel(threshold < Level.INFO.intValue() ? Level.INFO : level);
  }

  /// Keys and values alternate: `info("archived", "walFile", name)`. A key whose value is null is
  /// left out.
  public void debug(String message, @Nullable Object... keysAndValues) {
    log(Level.FINE, message, null, keysAndValues);
  }

  /// As [#debug].
  public void info(String message, @Nullable Object... keysAndValues) {
    log(Level.INFO, message, null, keysAndValues);
  }

  /// As [#debug].
  public void warning(String message, @Nullable Object... keysAndValues) {
    log(Level.WARNING, message, null, keysAndValues);
  }

  /// With the words of the cause, and its stack trace if nobody expected it.
  public void error(String message, @Nullable Throwable cause, @Nullable Object... keysAndValues) {
    log(Level.SEVERE, message, cause, keysAndValues);
  }

  private void log(
      Level level, String message, @Nullable Throwable cause, @Nullable Object... keysAndValues) {
    if (level.intValue() < threshold) {
      return;
    }
    var line = new Line(level, message, pairs(keysAndValues));
    line.setLoggerName(name);
    line.setThrown(cause);
    // Not by a Logger: those lose their handlers as soon as the JVM begins to stop, which is when
    // the last lines are written.
    JsonLines.STANDARD_ERROR.publish(line);
  }

  private static Map<String, @Nullable Object> pairs(@Nullable Object... keysAndValues) {
    var pairs = new LinkedHashMap<String, @Nullable Object>();
    for (var index = 0; index + 1 < keysAndValues.length; index += 2) {
      pairs.put(String.valueOf(keysAndValues[index]), keysAndValues[index + 1]);
    }
    return pairs;
  }

  /// What was said, with the keys still apart from the sentence.
  static final class Line extends LogRecord {

    private final transient Map<String, @Nullable Object> values;

    private Line(Level level, String message, Map<String, @Nullable Object> values) {
      super(level, message);
      this.values = values;
    }

    Map<String, @Nullable Object> values() {
      return values;
    }
  }
}
