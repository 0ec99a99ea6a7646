package com.dalibo.pgbackrest.stanza.api.status;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/// A backup, as the status shows it.
public record BackupSummary(
    @JsonPropertyDescription("Label of the backup.") @Nullable String label,
    @JsonPropertyDescription("full, diff or incr.") @Nullable String type,
    @JsonPropertyDescription("Label of the backup it builds on.") @Nullable String prior,
    @JsonPropertyDescription("WAL segments it needs.") @Nullable Range archive,
    @JsonPropertyDescription("Log positions it covers.") @Nullable Range lsn,
    @JsonPropertyDescription("When it was taken.") @Nullable Timestamps timestamp) {
  /// Where the WAL that a backup needs starts and stops.
  public record Range(
      @JsonPropertyDescription("First.") @Nullable String start,
      @JsonPropertyDescription("Last.") @Nullable String stop) {}

  /// When a backup started and stopped.
  public record Timestamps(
      @JsonPropertyDescription("Start, in seconds since 1970.") @Nullable Long start,
      @JsonPropertyDescription("Stop, in seconds since 1970.") @Nullable Long stop) {}
}
