package com.dalibo.pgbackrest.sidecar.walretry;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.stanza.cluster.PluginParameters;
import java.time.Duration;
import java.util.Optional;

/// The time that one promotion of a standby may lose to an archive that does not answer, over all
/// that PostgreSQL asks for at the end of its recovery: the next segment, the history of the next
/// timeline and the last segment once more.
///
/// The archive can have what this instance lacks only where the former primary confirmed
/// transactions that it had not sent here. What a dead primary wrote last can be seen nowhere here,
/// but a Cluster with synchronous replication says that there is no such transaction.
final class PromotionBudget {
  /// One try, so that a history file or a segment of an archive that answers is not passed over.
  private static final Duration COMPLETE = Duration.ofSeconds(2);

  private Optional<Key> current = Optional.empty();
  private Duration spent = Duration.ZERO;
  private Optional<Exception> failure = Optional.empty();

  /// A promotion: the next one has another primary before it, or another timeline.
  private record Key(Optional<String> primary, Optional<Integer> timeline) {}

  /// The time that is left.
  synchronized Duration left(Cluster cluster) {
    begin(cluster);
    var left = limit(cluster).minus(spent);
    return left.isNegative() ? Duration.ZERO : left;
  }

  /// The failure that used it up, where no time is left.
  synchronized Optional<Exception> exhaustedBy(Cluster cluster) {
    return left(cluster).isZero() ? failure : Optional.empty();
  }

  synchronized void spend(Cluster cluster, Duration time, Exception cause) {
    begin(cluster);
    spent = spent.plus(time);
    failure = Optional.of(cause);
  }

  static boolean mayLackWal(Cluster cluster) {
    return !cluster.promotesNothingIncomplete();
  }

  private static Duration limit(Cluster cluster) {
    var given = PluginParameters.promotionTimeout(cluster);
    return mayLackWal(cluster) || given.compareTo(COMPLETE) < 0 ? given : COMPLETE;
  }

  private void begin(Cluster cluster) {
    var key = Optional.of(new Key(cluster.currentPrimary(), cluster.timeline()));
    if (!key.equals(current)) {
      current = key;
      spent = Duration.ZERO;
      failure = Optional.empty();
    }
  }
}
