package com.dalibo.pgbackrest.sidecar.walrestore;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.postgres.WalFile;
import com.dalibo.pgbackrest.sidecar.failure.FailureWords;
import com.dalibo.pgbackrest.sidecar.kubernetes.Events;
import com.dalibo.pgbackrest.stanza.api.reason.RestoreReason;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReference;
import com.dalibo.pgbackrest.stanza.contract.RecoveryWait;
import java.time.Duration;
import java.time.Instant;

/// Tells that recovery waits for WAL, and why: once a minute, however often PostgreSQL asks, and
/// sooner where the cause is another one.
final class WaitReporter {
  private static final Duration BETWEEN_REPORTS = Duration.ofMinutes(1);
  private static final Duration BETWEEN_CAUSES = Duration.ofSeconds(10);

  /// PostgreSQL asks every five seconds for what a standby lacks.
  private static final Duration LASTS = Duration.ofSeconds(15);

  private static final Log log = Log.named("wal-restore");

  private final Events events;
  private Instant reportedAt = Instant.EPOCH;
  private String cause = "";
  private Instant troubleSince = Instant.MAX;

  WaitReporter(Events events) {
    this.events = events;
  }

  void report(
      Cluster cluster, StanzaReference store, WalFile file, Duration waited, Exception trouble) {
    var words = FailureWords.of(trouble);
    if (!isTime(words)) {
      return;
    }
    log.warning(
        "recovery waits for WAL",
        "walFile",
        file.name(),
        "stanza",
        store.stanzaName(),
        "waitedSeconds",
        waited.toSeconds(),
        "cause",
        words);
    events.warning(
        cluster,
        RestoreReason.RECOVERY_WAITS,
        RecoveryWait.words(file.name(), store.stanzaName(), words));
  }

  /// For one that asks again by itself and may have another source: a hiccup is no news.
  void reportIfItLasts(Cluster cluster, StanzaReference store, WalFile file, Exception trouble) {
    var lasted = lasted(Instant.now());
    if (lasted.compareTo(LASTS) >= 0) {
      report(cluster, store, file, lasted, trouble);
    }
  }

  /// The stanza was asked, and said whether it has the file.
  synchronized void answered() {
    troubleSince = Instant.MAX;
  }

  private synchronized Duration lasted(Instant now) {
    if (troubleSince.isAfter(now)) {
      troubleSince = now;
    }
    return Duration.between(troubleSince, now);
  }

  private synchronized boolean isTime(String words) {
    var since = Duration.between(reportedAt, Instant.now());
    if (since.compareTo(words.equals(cause) ? BETWEEN_REPORTS : BETWEEN_CAUSES) < 0) {
      return false;
    }
    reportedAt = Instant.now();
    cause = words;
    return true;
  }
}
