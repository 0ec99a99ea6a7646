package com.dalibo.pgbackrest.stanza.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/// What the user wants of a stanza.
public record StanzaSpec(
    @JsonPropertyDescription(
            "Configuration of pgBackRest: the stanza, its repositories and its settings.")
        @Required
        StanzaConfiguration stanzaConfiguration,
    @JsonPropertyDescription(
            "Effect of deleting a Backup object: Retain (none, the default) or ExpireBackup (the "
                + "backup is also removed from its repository).")
        @Nullable DeletionPolicy deletionPolicy,
    @JsonPropertyDescription(
            "Whether Backup objects are created for the backups of a Cluster that is gone, or of "
                + "another Kubernetes; default false.")
        @Nullable Boolean adoptBackups) {}
