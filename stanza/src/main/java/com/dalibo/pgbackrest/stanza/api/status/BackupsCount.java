package com.dalibo.pgbackrest.stanza.api.status;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/// How many backups there are of each type; the capital letters are those of the Go plugin.
@SuppressWarnings("MemberName")
public record BackupsCount(
    @JsonPropertyDescription("Full backups.") @JsonProperty("Full") int Full,
    @JsonPropertyDescription("Differential backups.") @JsonProperty("Diff") int Diff,
    @JsonPropertyDescription("Incremental backups.") @JsonProperty("Incr") int Incr) {}
