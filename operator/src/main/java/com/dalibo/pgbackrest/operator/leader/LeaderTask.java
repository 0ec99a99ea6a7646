package com.dalibo.pgbackrest.operator.leader;

import java.time.Duration;

/// Something that one replica does at a time, again and again: it looks at what is and makes it
/// what it should be.
///
/// @param trigger what else than time makes it begin
public record LeaderTask(String name, Duration period, Trigger trigger, Runnable work) {

  public enum Trigger {
    TIME_ONLY,
    A_CHANGED_OBJECT
  }
}
