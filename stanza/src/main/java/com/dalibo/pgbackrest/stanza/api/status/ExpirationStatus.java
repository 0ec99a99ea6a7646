package com.dalibo.pgbackrest.stanza.api.status;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What will be removed from a repository because its retentionPolicy was edited.
public record ExpirationStatus(
    @JsonPropertyDescription("Labels of the backups.") @Nullable List<String> backups,
    @JsonPropertyDescription("Ranges of WAL segments.") @Nullable List<String> archives) {}
