package com.dalibo.pgbackrest.sidecar;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What became of the backups this process was asked for; the metrics read it.
final class BackupRecord {
  private @Nullable Instant lastFailure;

  synchronized void failed(Instant at) {
    lastFailure = at;
  }

  synchronized Optional<Instant> lastFailure() {
    return Optional.ofNullable(lastFailure);
  }
}
