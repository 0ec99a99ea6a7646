package com.dalibo.pgbackrest.stanza.api.status;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/// How far a backup under way has come.
public record RunningBackupStatus(
    @JsonPropertyDescription("Bytes of the database it has to copy.") @Nullable Long size,
    @JsonPropertyDescription("Bytes it has copied.") @Nullable Long completed,
    @JsonPropertyDescription("The same in percent.") @Nullable Integer percent) {}
