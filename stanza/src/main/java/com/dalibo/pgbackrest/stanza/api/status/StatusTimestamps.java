package com.dalibo.pgbackrest.stanza.api.status;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/// When a backup started and stopped.
public record StatusTimestamps(
    @JsonPropertyDescription("Start, in seconds since 1970.") @Nullable Long start,
    @JsonPropertyDescription("Stop, in seconds since 1970.") @Nullable Long stop) {}
