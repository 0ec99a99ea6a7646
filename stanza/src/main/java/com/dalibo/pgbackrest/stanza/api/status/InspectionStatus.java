package com.dalibo.pgbackrest.stanza.api.status;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/// The last inspection of a Stanza to which no Cluster archives.
public record InspectionStatus(
    @JsonPropertyDescription("When it ended.") @Nullable String time,
    @JsonPropertyDescription(
            "Fingerprint of what it was about: the generation of the Stanza, the versions of its "
                + "Secrets and the value of the annotation pgbackrest.dalibo.com/inspect.")
        @Nullable String request) {}
