package com.dalibo.pgbackrest.stanza.api.status;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is known of a stanza.
public record StanzaStatus(
    @JsonPropertyDescription("Generation of the Stanza that this status refers to.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription(
            "Time of the last check, by the sidecar of the primary (at most ten minutes ago) or by "
                + "an inspection.")
        @Nullable String observedTime,
    @JsonPropertyDescription("Ready, RepositoriesReachable, Archiving, Valid, Verified, Inspected.")
        @Nullable List<StanzaCondition> conditions,
    @JsonPropertyDescription("The one cluster that writes to the stanza.")
        @Nullable StanzaOwner owner,
    @JsonPropertyDescription("Each repository.") @Nullable List<RepositoryStatus> repositories,
    @JsonPropertyDescription("Number of repositories that answered, and of all repositories.")
        @Nullable String reachableRepositories,
    @JsonPropertyDescription("Time at which the newest backup completed.")
        @Nullable String lastBackupTime,
    @JsonPropertyDescription("Latest time to which any repository can restore.")
        @Nullable String latestRestorableTime,
    @JsonPropertyDescription("Version of the pgBackRest that last wrote to the stanza.")
        @Nullable String pgBackRestVersion,
    @JsonPropertyDescription("Oldest and newest backup over all repositories.")
        @Nullable RecoveryWindow recoveryWindow,
    @JsonPropertyDescription("Number of backups of each type.") @Nullable BackupsCount backupsCount,
    @JsonPropertyDescription(
            "Last inspection by the operator; absent while a Cluster archives to the Stanza.")
        @Nullable InspectionStatus inspection,
    @JsonPropertyDescription("The backups in all repositories.")
        @Nullable CatalogueStatus catalogue) {}
