package com.dalibo.pgbackrest.stanza.api.status;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/// A backup, as the status shows it.
public record BackupSummary(
    @JsonPropertyDescription("Label of the backup.") @Nullable String label,
    @JsonPropertyDescription("full, diff or incr.") @Nullable String type,
    @JsonPropertyDescription("Label of the backup it builds on.") @Nullable String prior,
    @JsonPropertyDescription("WAL segments it needs.") @Nullable StatusRange archive,
    @JsonPropertyDescription("Log positions it covers.") @Nullable StatusRange lsn,
    @JsonPropertyDescription("When it was taken.") @Nullable StatusTimestamps timestamp) {}
