package com.dalibo.pgbackrest.cnpgi.log;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The log of one class: a sentence that says what happened, and keys that say to whom.
public final class Log {

  // Kept here because java.util.logging forgets the level of a logger that no one refers to.
  private static final Logger OURS = Logger.getLogger(Log.class.getPackageName());

  private final Logger logger;

  private Log(Logger logger) {
    this.logger = logger;
  }

  public static Log of(Class<?> owner) {
    return new Log(Logger.getLogger(owner.getName()));
  }

  static void setLevel(Level level) {
    OURS.setLevel(level);
  }

  public void debug(String message, @Nullable Object... keysAndValues) {
    log(Level.FINE, message, null, keysAndValues);
  }

  public void info(String message, @Nullable Object... keysAndValues) {
    log(Level.INFO, message, null, keysAndValues);
  }

  public void warning(String message, @Nullable Object... keysAndValues) {
    log(Level.WARNING, message, null, keysAndValues);
  }

  public void error(String message, Throwable cause, @Nullable Object... keysAndValues) {
    log(Level.SEVERE, message, cause, keysAndValues);
  }

  private void log(
      Level level, String message, @Nullable Throwable cause, @Nullable Object... keysAndValues) {
    if (!logger.isLoggable(level)) {
      return;
    }
    var line = new Line(level, message, pairs(keysAndValues));
    line.setLoggerName(logger.getName());
    line.setThrown(cause);
    logger.log(line);
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
