package com.dalibo.pgbackrest.e2e;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// Inserts row after row into the table `written` of cluster-demo, wherever its primary is, until
/// it is closed. Knows which rows were acknowledged, and when they were written.
final class Writer implements AutoCloseable {
  private static final String CLUSTER = "cluster-demo";

  private final Story story;
  private final ConcurrentNavigableMap<Integer, Instant> acknowledged =
      new ConcurrentSkipListMap<>();
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final AtomicInteger refused = new AtomicInteger();
  private final Thread thread;

  private Writer(Story story) {
    this.story = story;
    thread = Thread.ofVirtual().unstarted(this::write);
  }

  static Writer start(Story story) {
    Writer writer = new Writer(story);
    story.psql(
        story.primary(CLUSTER),
        "CREATE TABLE written (n int PRIMARY KEY, at timestamptz DEFAULT clock_timestamp())");
    writer.thread.start();
    return writer;
  }

  ConcurrentNavigableMap<Integer, Instant> acknowledged() {
    return acknowledged;
  }

  /// The longest time in which no row was acknowledged.
  Duration longestPause() {
    Instant before = acknowledged.firstEntry().getValue();
    Duration longest = Duration.ZERO;
    for (Instant at : acknowledged.values()) {
      Duration pause = Duration.between(before, at);
      longest = pause.compareTo(longest) > 0 ? pause : longest;
      before = at;
    }
    return longest;
  }

  /// How many attempts failed, acknowledged or not on the other side.
  int refused() {
    return refused.get();
  }

  /// The acknowledged rows that are not in this instance.
  List<Integer> missing(String pod) {
    String there = "," + story.psql(pod, "SELECT string_agg(n::text, ',') FROM written") + ",";
    return acknowledged.keySet().stream().filter(n -> !there.contains("," + n + ",")).toList();
  }

  private void write() {
    for (int n = 1; !stopped.get(); n++) {
      try {
        String at =
            story.psql(
                story.primary(CLUSTER),
                "INSERT INTO written VALUES (%d) RETURNING extract(epoch FROM at) * 1000"
                    .formatted(n));
        acknowledged.put(n, Instant.ofEpochMilli((long) Double.parseDouble(at)));
      } catch (RuntimeException away) {
        refused.incrementAndGet();
        Story.pause(Duration.ofMillis(500));
      }
    }
  }

  @Override
  public void close() {
    stopped.set(true);
    try {
      thread.join();
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interruption);
    }
  }
}
