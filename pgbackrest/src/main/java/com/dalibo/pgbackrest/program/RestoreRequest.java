package com.dalibo.pgbackrest.program;

import java.util.Optional;

/// What a recovery asks for: where it ends, on which timeline and, where the user named one, from
/// which backup.
public record RestoreRequest(
    RestoreTarget target, TargetTimeline timeline, Optional<String> backupId) {

  public static RestoreRequest of(RestoreTarget target) {
    return new RestoreRequest(target, new TargetTimeline.Latest(), Optional.empty());
  }
}
