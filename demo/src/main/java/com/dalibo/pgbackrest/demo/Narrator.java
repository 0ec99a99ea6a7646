package com.dalibo.pgbackrest.demo;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonSyntaxException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// Tells what happens while it happens: our own steps, and what sidecars say in their logs.
final class Narrator implements AutoCloseable {
  private static final Set<String> NOT_TOLD = Set.of("level", "ts", "logger", "msg", "stacktrace");
  private static final int LONGEST = 220;

  private final long start = System.nanoTime();
  private volatile boolean open = true;

  void chapter(String title) {
    System.out.printf("%n%s %s%n", elapsed(), title);
  }

  void say(String text) {
    System.out.printf("%s   %s%n", elapsed(), text);
  }

  Duration duration() {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private String elapsed() {
    return String.format(Locale.ROOT, "%5.1f s", duration().toMillis() / 1000.0);
  }

  /// Repeats what a sidecar writes to its log, from now on.
  void follow(String name, Path log) {
    Thread.ofVirtual().start(() -> tail(name, log));
  }

  private void tail(String name, Path log) {
    long position = 0;
    while (open) {
      try {
        Thread.sleep(Duration.ofMillis(50));
        if (Files.exists(log)) {
          position = tellFrom(name, log, position);
        }
      } catch (IOException | InterruptedException e) {
        return;
      }
    }
  }

  private long tellFrom(String name, Path log, long position) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      byte[] fresh = new byte[(int) (file.length() - position)];
      file.seek(position);
      file.readFully(fresh);
      String text = new String(fresh, StandardCharsets.UTF_8);
      int whole = text.lastIndexOf('\n') + 1;
      text.substring(0, whole).lines().forEach(line -> say(name + ": " + readable(line)));
      return position + text.substring(0, whole).getBytes(StandardCharsets.UTF_8).length;
    }
  }

  /// `message (key value, key value)` of a JSON log line; other lines as they are.
  static String readable(String line) {
    try {
      JsonObject event = JsonParser.parseString(line).getAsJsonObject();
      String details =
          event.entrySet().stream()
              .filter(entry -> !NOT_TOLD.contains(entry.getKey()))
              .map(
                  entry ->
                      entry.getKey()
                          + " "
                          + (entry.getValue().isJsonPrimitive()
                              ? entry.getValue().getAsString()
                              : entry.getValue().toString()))
              .collect(Collectors.joining(", "));
      String text =
          event.get("msg").getAsString() + (details.isEmpty() ? "" : " (" + details + ")");
      return text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
    } catch (JsonSyntaxException | IllegalStateException notJson) {
      return line;
    }
  }

  @Override
  public void close() {
    open = false;
  }
}
