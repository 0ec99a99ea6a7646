package com.dalibo.pgbackrest.operator.drill;

import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRun;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Phase;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How many drills may take place at once. Each restores a Cluster, which takes processor, memory
/// and bandwidth from those that serve people; and most schedules say three in the morning.
final class DrillRoom {
  /// In all namespaces.
  static final int MOST = 5;

  /// What a run says that has no room.
  static final String WAITS =
      "it begins when one of the %d drills that take place now has ended".formatted(MOST);

  private int taken;

  /// A round over all runs begins.
  void begin(Collection<RestoreDrillRun> runs) {
    taken = (int) runs.stream().filter(run -> takesPlace(RunDraft.phase(run))).count();
  }

  private static boolean takesPlace(Phase phase) {
    return phase == Phase.RESTORING || phase == Phase.CHECKING;
  }

  /// Whether there was room for another one, which it has now.
  boolean take() {
    if (isFull()) {
      return false;
    }
    taken++;
    return true;
  }

  /// Whether nothing can be done for a run now.
  boolean keepsWaiting(RestoreDrillRun run) {
    return isFull() && RunDraft.phase(run) == Phase.PENDING && WAITS.equals(message(run));
  }

  private boolean isFull() {
    return taken >= MOST;
  }

  private static @Nullable String message(RestoreDrillRun run) {
    return Optional.ofNullable(run.status()).map(status -> status.message()).orElse(null);
  }
}
