package com.dalibo.pgbackrest.operator.status;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.reason.StanzaReason;
import com.dalibo.pgbackrest.stanza.api.status.StanzaStatus;
import com.dalibo.pgbackrest.stanza.api.status.StatusTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/// Stanzas whose owner is healthy in the eyes of CNPG, but whose sidecar gives no sign of life.
final class StatusAge {
  /// Three times as long as a sidecar takes at most.
  static final Duration OVERDUE = Duration.ofMinutes(45);

  private static final String HEALTHY = "Cluster in healthy state";
  private static final String HIBERNATION = "cnpg.io/hibernation";

  private StatusAge() {}

  static Optional<Problem> of(Stanza stanza, Cluster owner, Instant now) {
    if (!owner.phase().equals(Optional.of(HEALTHY))
        || "on".equals(owner.annotations().get(HIBERNATION))) {
      return Optional.empty();
    }
    return Optional.ofNullable(stanza.status())
        .map(StanzaStatus::observedTime)
        .filter(seen -> StatusTime.parse(seen).filter(isOverdue(now)).isPresent())
        .map(seen -> overdue(stanza, owner, seen));
  }

  private static Predicate<Instant> isOverdue(Instant now) {
    return seen -> seen.isBefore(now.minus(OVERDUE));
  }

  private static Problem overdue(Stanza stanza, Cluster owner, String seen) {
    var primary = owner.currentPrimary().orElse("");
    return new Problem(
        StanzaReason.STATUS_OVERDUE,
        ("the sidecar of pod '%s' has not written the status of stanza '%s' since %s, so it is "
                + "unknown whether WAL is archived. Check the log of its container 'pgbackrest-plugin', and delete the pod if it does not answer:"
                + " kubectl delete pod --namespace %s %1$s")
            .formatted(primary, stanza.name(), seen, owner.namespace()));
  }
}
