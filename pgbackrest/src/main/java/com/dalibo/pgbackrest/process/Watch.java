package com.dalibo.pgbackrest.process;

import java.util.Optional;

/// Looks at a running program every second, and may object to its running on. Used for one run.
public interface Watch {
  /// What a program is let do that nobody looks after.
  Watch NONE = _ -> Optional.empty();

  /// Why the program is to be ended; empty as long as it may run on.
  ///
  /// @param group the number of its process group
  Optional<String> objection(long group) throws InterruptedException;
}
