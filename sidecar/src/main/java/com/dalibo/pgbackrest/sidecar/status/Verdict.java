package com.dalibo.pgbackrest.sidecar.status;

import com.dalibo.pgbackrest.stanza.api.reason.Reason;
import com.dalibo.pgbackrest.stanza.api.status.StanzaCondition;
import java.util.Objects;

/// What a condition says, before it is known since when.
record Verdict(String status, String reason, String message) {
  static Verdict yes(Reason reason, String message) {
    return new Verdict("True", reason.word(), message);
  }

  static Verdict no(Reason reason, String message) {
    return new Verdict("False", reason.word(), message);
  }

  static Verdict unknown(Reason reason, String message) {
    return new Verdict("Unknown", reason.word(), message);
  }

  static Verdict of(StanzaCondition condition) {
    return new Verdict(
        condition.status(),
        Objects.requireNonNullElse(condition.reason(), "Unknown"),
        Objects.requireNonNullElse(condition.message(), ""));
  }

  boolean hasReason(Reason wanted) {
    return reason.equals(wanted.word());
  }

  boolean isYes() {
    return status.equals("True");
  }

  boolean isNo() {
    return status.equals("False");
  }
}
