package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.cnpgi.Cluster;
import com.dalibo.pgbackrest.program.WalFile;
import com.dalibo.pgbackrest.stanza.StanzaReference;
import java.time.Duration;
import java.time.Instant;

/// Tells that recovery waits, and for what: once a minute, however often PostgreSQL asks, and
/// sooner where the cause is another one.
final class WaitingNews {
  private static final Duration BETWEEN_REPORTS = Duration.ofMinutes(1);
  private static final Duration BETWEEN_CAUSES = Duration.ofSeconds(10);
  private static final Log log = Log.named("wal-restore");

  private final Events events;
  private Instant told = Instant.EPOCH;
  private String cause = "";

  WaitingNews(Events events) {
    this.events = events;
  }

  void tell(
      Cluster cluster, StanzaReference store, WalFile file, Duration waited, Exception trouble) {
    var words = Failures.words(trouble);
    if (!isTime(words)) {
      return;
    }
    log.warn(
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
        "RecoveryWaits",
        "recovery waits for WAL file '%s' of stanza '%s' and goes on when it can be fetched: %s"
            .formatted(file.name(), store.stanzaName(), words));
  }

  private synchronized boolean isTime(String words) {
    var since = Duration.between(told, Instant.now());
    if (since.compareTo(words.equals(cause) ? BETWEEN_REPORTS : BETWEEN_CAUSES) < 0) {
      return false;
    }
    told = Instant.now();
    cause = words;
    return true;
  }
}
