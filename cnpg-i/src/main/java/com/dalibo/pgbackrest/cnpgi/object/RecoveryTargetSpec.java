package com.dalibo.pgbackrest.cnpgi.object;

import org.jspecify.annotations.Nullable;

/// `spec.bootstrap.recovery.recoveryTarget`, as written.
public record RecoveryTargetSpec(
    @Nullable String backupID,
    @Nullable String targetTLI,
    @Nullable String targetXID,
    @Nullable String targetName,
    @Nullable String targetLSN,
    @Nullable String targetTime,
    boolean targetImmediate,
    boolean exclusive) {

  static RecoveryTargetSpec of(JsonTree target) {
    return new RecoveryTargetSpec(
        target.get("backupID").text().orElse(null),
        target.get("targetTLI").text().orElse(null),
        target.get("targetXID").text().orElse(null),
        target.get("targetName").text().orElse(null),
        target.get("targetLSN").text().orElse(null),
        target.get("targetTime").text().orElse(null),
        target.get("targetImmediate").flag().orElse(false),
        target.get("exclusive").flag().orElse(false));
  }
}
