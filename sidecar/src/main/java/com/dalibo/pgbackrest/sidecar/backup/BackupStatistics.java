package com.dalibo.pgbackrest.sidecar.backup;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What became of the backups this process was asked for; the metrics read it.
public final class BackupStatistics {
  private @Nullable Instant lastFailure;

  public synchronized void failed(Instant at) {
    lastFailure = at;
  }

  public synchronized Optional<Instant> lastFailure() {
    return Optional.ofNullable(lastFailure);
  }
}
