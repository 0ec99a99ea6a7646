package com.dalibo.pgbackrest.sidecar;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What became of the backups this process was asked for; the metrics read it.
final class BackupRecord {
  private long changes;
  private @Nullable Instant lastFailure;

  synchronized void completed() {
    changes++;
  }

  synchronized void failed(Instant at) {
    changes++;
    lastFailure = at;
  }

  synchronized Optional<Instant> lastFailure() {
    return Optional.ofNullable(lastFailure);
  }

  /// Grows with each backup, good or bad: what is known of the repositories is then out of date.
  synchronized long changes() {
    return changes;
  }
}
