package com.dalibo.pgbackrest.selection;

import com.dalibo.pgbackrest.postgres.TargetTimeline;
import java.util.Optional;

/// What a recovery asks for: where it ends, on which timeline and, where the user named one, from
/// which backup.
public record RecoveryGoal(
    RestoreTarget target, TargetTimeline timeline, Optional<String> backupId) {

  public static RecoveryGoal of(RestoreTarget target) {
    return new RecoveryGoal(target, new TargetTimeline.Latest(), Optional.empty());
  }
}
