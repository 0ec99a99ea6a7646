package com.dalibo.pgbackrest.operator.drill.run;

import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRun;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Phase;
import java.util.Collection;
import java.util.Optional;

/// How many drills may take place at once, in all namespaces. Each restores a Cluster, which takes
/// processor, memory and bandwidth from those in service; and most schedules name the same hour.
public final class DrillRoom {
  static final int MOST = 5;

  /// The message of a run that has no room.
  static final String WAITS =
      "it begins when one of the %d drills that take place now has ended".formatted(MOST);

  private final DrillObjects objects;
  private final Inventory inventory;

  public DrillRoom(DrillObjects objects, Inventory inventory) {
    this.objects = objects;
    this.inventory = inventory;
  }

  /// Whether no other drill may begin: asked of the API server, because a watch may lag behind what
  /// this operator has begun.
  boolean isFull() {
    return isFull(objects.runs());
  }

  /// Whether nothing can be done for a run now, as far as the watches have reported.
  public boolean keepsWaiting(RestoreDrillRun run) {
    return run.phase() == Phase.PENDING
        && Optional.ofNullable(run.status())
            .map(status -> status.message())
            .equals(Optional.of(WAITS))
        && isFull(inventory.restoreDrillRuns());
  }

  private static boolean isFull(Collection<RestoreDrillRun> runs) {
    return runs.stream().filter(DrillRoom::takesPlace).count() >= MOST;
  }

  private static boolean takesPlace(RestoreDrillRun run) {
    return run.phase() == Phase.RESTORING || run.phase() == Phase.CHECKING;
  }
}
