package com.dalibo.pgbackrest.stanza.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/// What the user wants of a stanza.
public record StanzaSpec(
    @JsonPropertyDescription(
            "What pgBackRest is told: the stanza, its repositories and its settings.")
        @Required
        StanzaConfiguration stanzaConfiguration,
    @JsonPropertyDescription(
            "What deleting a Backup object does: Retain (nothing, the default) or ExpireBackup "
                + "(the backup is removed from its repository too).")
        @Nullable DeletionPolicy deletionPolicy) {}
