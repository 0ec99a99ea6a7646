package com.dalibo.pgbackrest.sidecar.walrestore;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// For how long the same thing has not been known of a cluster's primary and timeline.
final class UnknownPrimaryTimer {
  /// A standby that needs what is kept from it to become consistent may be all that is left of the
  /// cluster.
  static final Duration LONGEST = Duration.ofMinutes(10);

  private final InstantSource clock;
  private Optional<About> about = Optional.empty();
  private Instant since = Instant.EPOCH;

  UnknownPrimaryTimer(InstantSource clock) {
    this.clock = clock;
  }

  private record About(String reason, Optional<String> primary, Optional<Integer> timeline) {}

  /// Everything is known.
  void end() {
    about = Optional.empty();
  }

  boolean hasLastedTooLong(Cluster cluster, String reason) {
    var now = clock.instant();
    var current = Optional.of(new About(reason, cluster.currentPrimary(), cluster.timeline()));
    if (!current.equals(about)) {
      about = current;
      since = now;
    }
    return Duration.between(since, now).compareTo(LONGEST) >= 0;
  }
}
