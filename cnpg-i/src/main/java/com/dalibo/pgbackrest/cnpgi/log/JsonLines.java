package com.dalibo.pgbackrest.cnpgi.log;

import com.google.gson.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// One JSON object per line on standard error, with the keys that CNPG's own lines have.
public final class JsonLines extends Formatter {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  /// Sends everything that this program and its libraries log through this format.
  public static void install(Level level) {
    var root = Logger.getLogger("");
    for (var handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    var console = new ConsoleHandler();
    console.setFormatter(new JsonLines());
    console.setLevel(Level.ALL);
    root.addHandler(console);
    root.setLevel(level.intValue() < Level.INFO.intValue() ? Level.INFO : level);
    Log.setLevel(level);
  }

  @Override
  public String format(LogRecord line) {
    var json = new JsonObject();
    json.addProperty("level", level(line.getLevel()));
    json.addProperty("ts", TIME.format(line.getInstant()));
    json.addProperty("logger", name(line.getLoggerName()));
    if (line instanceof Log.Line ours) {
      json.addProperty("msg", ours.getMessage());
      ours.values().forEach((key, value) -> add(json, key, value));
    } else {
      json.addProperty("msg", formatMessage(line));
    }
    if (line.getThrown() != null) {
      var trace = new StringWriter();
      line.getThrown().printStackTrace(new PrintWriter(trace));
      json.addProperty("error", String.valueOf(line.getThrown().getMessage()));
      json.addProperty("stacktrace", trace.toString());
    }
    return json + "\n";
  }

  private static void add(JsonObject json, String key, @Nullable Object value) {
    if (value instanceof Number number) {
      json.addProperty(key, number);
      return;
    }
    json.addProperty(key, String.valueOf(value));
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
}
