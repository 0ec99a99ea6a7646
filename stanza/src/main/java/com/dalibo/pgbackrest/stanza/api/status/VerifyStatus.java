package com.dalibo.pgbackrest.stanza.api.status;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/// The last verification of a repository.
public record VerifyStatus(
    @JsonPropertyDescription("Time at which it started.") @Nullable String time,
    @JsonPropertyDescription("ok or error.") @Nullable String status,
    @JsonPropertyDescription("What was found.") @Nullable String message) {}
