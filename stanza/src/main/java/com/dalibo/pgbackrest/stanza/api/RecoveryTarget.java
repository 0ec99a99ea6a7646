package com.dalibo.pgbackrest.stanza.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/// Where a recovery ends, as `bootstrap.recovery.recoveryTarget` of a Cluster says it.
public record RecoveryTarget(
    @JsonPropertyDescription("Label of the backup that the recovery starts from.")
        @Nullable String backupID,
    @JsonPropertyDescription("Timeline that is followed: latest, current or a number.")
        @Nullable String targetTLI,
    @JsonPropertyDescription("Transaction at which the recovery ends.") @Nullable String targetXID,
    @JsonPropertyDescription("Restore point at which the recovery ends.")
        @Nullable String targetName,
    @JsonPropertyDescription("Position in the WAL at which the recovery ends.")
        @Nullable String targetLSN,
    @JsonPropertyDescription("Time at which the recovery ends.") @Nullable String targetTime,
    @JsonPropertyDescription("Whether the recovery ends as soon as the backup is consistent.")
        @Nullable Boolean targetImmediate,
    @JsonPropertyDescription("Whether the recovery ends before the target instead of with it.")
        @Nullable Boolean exclusive) {}
