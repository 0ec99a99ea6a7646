package com.dalibo.pgbackrest.sidecar;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What became of the WAL this process was given to archive; the metrics read it.
final class ArchiveRecord {

  private long archived;
  private long failed;
  private long dropped;
  private @Nullable Instant lastArchived;
  private @Nullable Instant lastFailure;
  private @Nullable String lastFailureMessage;

  synchronized void archived(Instant at) {
    archived++;
    lastArchived = at;
  }

  synchronized void failed(Instant at, String message) {
    failed++;
    lastFailure = at;
    lastFailureMessage = message;
  }

  /// pgBackRest reported success for a segment it threw away.
  synchronized void dropped() {
    dropped++;
  }

  synchronized Counts counts() {
    return new Counts(
        archived,
        failed,
        dropped,
        Optional.ofNullable(lastArchived),
        Optional.ofNullable(lastFailure),
        Optional.ofNullable(lastFailureMessage));
  }

  record Counts(
      long archived,
      long failed,
      long dropped,
      Optional<Instant> lastArchived,
      Optional<Instant> lastFailure,
      Optional<String> lastFailureMessage) {}
}
