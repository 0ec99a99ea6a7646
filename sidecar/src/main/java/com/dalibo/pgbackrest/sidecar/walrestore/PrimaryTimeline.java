package com.dalibo.pgbackrest.sidecar.walrestore;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import java.util.Optional;
import java.util.OptionalInt;

/// The timeline of a cluster's primary, as far as it can be known from what CNPG says of it, which
/// may still be that of the primary before: CNPG asks a new one while it is being promoted, cannot
/// always reach it, and hears of two when a former one is not down yet.
final class PrimaryTimeline {
  /// Whose timeline it is; empty for the primary before, whoever that was.
  private Optional<String> primary = Optional.empty();

  private int timeline;
  private boolean isKnown;

  /// Empty while another instance takes over, and while a primary that is another than before has
  /// no later timeline: every promotion begins one.
  OptionalInt of(Cluster cluster) {
    var current = cluster.currentPrimary();
    int reported = cluster.timeline().orElse(0);
    if (!cluster.hasSettledPrimary()) {
      see(current.equals(cluster.targetPrimary()) ? Optional.empty() : current, reported);
      return OptionalInt.empty();
    }
    if (isKnown && !primary.equals(current) && reported <= timeline) {
      return OptionalInt.empty();
    }
    see(current, reported);
    return OptionalInt.of(timeline);
  }

  private void see(Optional<String> whose, int reported) {
    primary = whose;
    timeline = Math.max(timeline, reported);
    isKnown = true;
  }
}
