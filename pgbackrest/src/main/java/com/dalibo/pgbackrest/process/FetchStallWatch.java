package com.dalibo.pgbackrest.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Objects to a program that fetches a file of which nothing has arrived for a while. One that
/// arrives slowly is let arrive.
public final class FetchStallWatch implements Watch {
  private static final Duration HURRIED = Duration.ofSeconds(2);

  private final Iterable<Path> files;
  private final Duration limit;
  private final BooleanSupplier isUrgent;
  private final long begin = System.nanoTime();
  private long arrived;
  private long since = begin;

  /// @param files where the file arrives, in one of several places
  /// @param isUrgent whether somebody waits for the end who did not at the beginning
  public FetchStallWatch(Iterable<Path> files, Duration limit, BooleanSupplier isUrgent) {
    this.files = files;
    this.limit = limit;
    this.isUrgent = isUrgent;
  }

  @Override
  public Optional<String> objection(long group) {
    var now = System.nanoTime();
    var seen = size();
    if (seen != arrived) {
      arrived = seen;
      since = now;
      return Optional.empty();
    }
    var waited = now - since;
    if (waited >= limit.toNanos()) {
      return Optional.of(
          since == begin
              ? "it took longer than %s s".formatted(limit.toSeconds())
              : "nothing of the file arrived for %s s".formatted(limit.toSeconds()));
    }
    return waited >= HURRIED.toNanos() && isUrgent.getAsBoolean()
        ? Optional.of("nothing of the file arrived for %d s".formatted(HURRIED.toSeconds()))
        : Optional.empty();
  }

  private long size() {
    var sum = 0L;
    for (var file : files) {
      try {
        sum += Files.size(file);
      } catch (IOException _) {
        // It is not there, or not under this name.
      }
    }
    return sum;
  }
}
