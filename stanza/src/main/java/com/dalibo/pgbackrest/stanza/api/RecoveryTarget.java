package com.dalibo.pgbackrest.stanza.api;

import com.dalibo.pgbackrest.selection.RestoreTarget;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where a recovery ends, as `bootstrap.recovery.recoveryTarget` of a Cluster says it.
public record RecoveryTarget(
    @JsonPropertyDescription("Label of the backup to start from.") @Nullable String backupID,
    @JsonPropertyDescription("Timeline to follow: a number, latest or current.")
        @Nullable String targetTLI,
    @JsonPropertyDescription("Transaction with which the recovery ends; needs backupID.")
        @Nullable String targetXID,
    @JsonPropertyDescription("Restore point with which the recovery ends; needs backupID.")
        @Nullable String targetName,
    @JsonPropertyDescription("Position in the WAL, such as 0/4000028.") @Nullable String targetLSN,
    @JsonPropertyDescription("Time, such as 2026-11-22T07:26:56Z; without a zone it is UTC.")
        @Nullable String targetTime,
    @JsonPropertyDescription("Whether the recovery ends as soon as the backup is consistent.")
        @Nullable Boolean targetImmediate,
    @JsonPropertyDescription("Whether the recovery ends just before the target.")
        @Nullable Boolean exclusive) {

  /// Whether the recovery replays all archived WAL.
  @JsonIgnore
  public boolean isEndOfArchive() {
    return targetTime == null
        && targetLSN == null
        && targetName == null
        && targetXID == null
        && targetTLI == null
        && !Boolean.TRUE.equals(targetImmediate);
  }

  /// `targetTime` in any of the forms that a recovery takes; empty if it is absent or none of them.
  public Optional<Instant> moment() {
    if (targetTime == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(RestoreTarget.Time.parse(targetTime).instant());
    } catch (IllegalArgumentException _) {
      // The restore says so.
      return Optional.empty();
    }
  }
}
