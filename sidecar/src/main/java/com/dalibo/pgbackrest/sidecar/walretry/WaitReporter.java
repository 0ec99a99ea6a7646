package com.dalibo.pgbackrest.sidecar.walretry;

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

/// Reports that recovery waits for WAL, and why: once a minute, however often PostgreSQL asks, and
/// sooner when the cause changes.
final class WaitReporter {
  private static final Duration BETWEEN_REPORTS = Duration.ofMinutes(1);
  private static final Duration BETWEEN_CAUSES = Duration.ofSeconds(10);

  /// PostgreSQL asks every five seconds for what a standby lacks.
  private static final Duration LASTS = Duration.ofSeconds(15);

  private static final Log log = Log.named("wal-restore");

  private final Events events;
  private Instant reportedAt = Instant.EPOCH;
  private String cause = "";
  private Instant failingSince = Instant.MAX;

  WaitReporter(Events events) {
    this.events = events;
  }

  void report(
      Cluster cluster, StanzaReference store, WalFile file, Duration waited, Exception failure) {
    var words = FailureWords.of(failure);
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

  /// For a standby, which asks again by itself and may have another source: only a failure that
  /// lasts is reported.
  void reportIfItLasts(Cluster cluster, StanzaReference store, WalFile file, Exception failure) {
    var lasted = lasted(Instant.now());
    if (lasted.compareTo(LASTS) >= 0) {
      report(cluster, store, file, lasted, failure);
    }
  }

  /// The stanza was asked, and has answered whether it has the file.
  synchronized void answered() {
    failingSince = Instant.MAX;
  }

  private synchronized Duration lasted(Instant now) {
    if (failingSince.isAfter(now)) {
      failingSince = now;
    }
    return Duration.between(failingSince, now);
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
