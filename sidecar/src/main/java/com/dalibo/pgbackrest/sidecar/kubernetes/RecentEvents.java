package com.dalibo.pgbackrest.sidecar.kubernetes;

import com.dalibo.pgbackrest.stanza.api.reason.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/// What was told lately, so that the same is not told again, nor too much for one reason: that is
/// no news, and must hide no other.
final class RecentEvents {
  private static final int MOST = 30;

  private final Duration quiet;
  private final Map<String, Emitted> emitted = new HashMap<>();

  private record Emitted(Reason reason, Instant at) {}

  RecentEvents(Duration quiet) {
    this.quiet = quiet;
  }

  synchronized boolean isNews(Reason reason, String words, Instant now) {
    emitted.values().removeIf(before -> before.at().plus(quiet).isBefore(now));
    var ofReason = emitted.values().stream().filter(before -> before.reason() == reason).count();
    return ofReason < MOST && emitted.putIfAbsent(reason + words, new Emitted(reason, now)) == null;
  }
}
