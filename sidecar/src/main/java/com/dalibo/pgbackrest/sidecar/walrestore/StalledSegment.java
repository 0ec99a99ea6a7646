package com.dalibo.pgbackrest.sidecar.walrestore;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// The segment that one which follows an archive asks for: it is not there yet, mostly, but when
/// the same one is asked for again and again it may be lost.
public final class StalledSegment {
  private final Duration limit;
  private final InstantSource clock;
  private String segment = "";
  private Instant since = Instant.EPOCH;

  public StalledSegment(Duration limit, InstantSource clock) {
    this.limit = limit;
    this.clock = clock;
  }

  /// Whether it is time to look for later ones: as long as the same one is asked for, once in each
  /// such time.
  synchronized boolean isDue(String asked) {
    var now = clock.instant();
    if (!asked.equals(segment)) {
      segment = asked;
      since = now;
      return false;
    }
    if (Duration.between(since, now).compareTo(limit) < 0) {
      return false;
    }
    since = now;
    return true;
  }
}
