package com.dalibo.pgbackrest.stanza.api.status;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/// Where the WAL that a backup needs starts and stops.
public record StatusRange(
    @JsonPropertyDescription("First.") @Nullable String start,
    @JsonPropertyDescription("Last.") @Nullable String stop) {}
