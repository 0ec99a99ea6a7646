package com.dalibo.pgbackrest.process;

import java.time.Duration;
import java.util.Optional;

/// Objects to a program that neither computes nor reads nor writes anything for a while. A slow one
/// is no such program, however long it takes.
public final class StallWatch implements Watch {
  private final Duration limit;
  private long done = -1;
  private long since;

  public StallWatch(Duration limit) {
    this.limit = limit;
  }

  @Override
  public Optional<String> objection(long group) {
    var now = System.nanoTime();
    var seen = ProcessActivity.of(group);
    if (seen != done) {
      done = seen;
      since = now;
      return Optional.empty();
    }
    return now - since < limit.toNanos()
        ? Optional.empty()
        : Optional.of("it made no progress for %d s".formatted(limit.toSeconds()));
  }
}
