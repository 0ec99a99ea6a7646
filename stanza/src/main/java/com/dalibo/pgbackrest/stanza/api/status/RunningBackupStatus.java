package com.dalibo.pgbackrest.stanza.api.status;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/// How far a backup under way has come.
public record RunningBackupStatus(
    @JsonPropertyDescription("Size of what it has to copy from the database, in bytes.")
        @Nullable Long size,
    @JsonPropertyDescription("Size of what it has copied, in bytes.") @Nullable Long completed,
    @JsonPropertyDescription("Progress of the copy, in percent.") @Nullable Integer percent) {}
