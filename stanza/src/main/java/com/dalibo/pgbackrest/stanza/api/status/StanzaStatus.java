package com.dalibo.pgbackrest.stanza.api.status;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is known of a stanza.
public record StanzaStatus(
    @JsonPropertyDescription("Generation of the Stanza this status speaks of.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("When the sidecar of the primary looked, up to ten minutes ago.")
        @Nullable String observedTime,
    @JsonPropertyDescription("Ready, RepositoriesReachable, Archiving, Valid, Verified.")
        @Nullable List<StanzaCondition> conditions,
    @JsonPropertyDescription("The one cluster that writes to the stanza.")
        @Nullable StanzaOwner owner,
    @JsonPropertyDescription("Each repository.") @Nullable List<RepositoryStatus> repositories,
    @JsonPropertyDescription("How many repositories answered, of how many.")
        @Nullable String reachableRepositories,
    @JsonPropertyDescription("When the newest backup ended.") @Nullable String lastBackupTime,
    @JsonPropertyDescription("Latest time to which any repository can restore.")
        @Nullable String latestRestorableTime,
    @JsonPropertyDescription("Version of pgBackRest that wrote last.")
        @Nullable String pgBackRestVersion,
    @JsonPropertyDescription("Oldest and newest backup over all repositories.")
        @Nullable RecoveryWindow recoveryWindow,
    @JsonPropertyDescription("How many backups there are of each type.")
        @Nullable BackupsCount backupsCount) {}
