package com.dalibo.pgbackrest.stanza.api.status;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/// The oldest and the newest backup over all repositories.
public record RecoveryWindow(
    @JsonPropertyDescription("Oldest backup.") @Nullable BackupSummary firstBackup,
    @JsonPropertyDescription("Newest backup.") @Nullable BackupSummary lastBackup) {}
