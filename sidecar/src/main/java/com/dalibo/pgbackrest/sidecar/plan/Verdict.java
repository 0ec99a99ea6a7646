package com.dalibo.pgbackrest.sidecar.plan;

import com.dalibo.pgbackrest.postgres.Lsn;
import com.dalibo.pgbackrest.stanza.api.reason.PlanReason;
import com.dalibo.pgbackrest.stanza.api.reason.Reason;
import java.time.Instant;
import java.util.Optional;

/// Whether a recovery ends at its target.
///
/// @param answer as in the status of a condition: True, False or Unknown
/// @param last the last segment that is replayed; empty where that is not known
/// @param time when the last transaction that is replayed ended
/// @param position where the recovery ends
record Verdict(
    String answer,
    Reason reason,
    String message,
    Optional<String> last,
    Optional<Instant> time,
    Optional<Lsn> position) {

  static Verdict reached(
      String message, String last, Optional<Instant> time, Optional<Lsn> position) {
    return new Verdict(
        "True", PlanReason.PLAN_POSSIBLE, message, Optional.of(last), time, position);
  }

  static Verdict missed(Reason reason, String message) {
    return new Verdict(
        "False", reason, message, Optional.empty(), Optional.empty(), Optional.empty());
  }

  static Verdict unknown(Reason reason, String message) {
    return new Verdict(
        "Unknown", reason, message, Optional.empty(), Optional.empty(), Optional.empty());
  }

  boolean isPossible() {
    return answer.equals("True");
  }
}
