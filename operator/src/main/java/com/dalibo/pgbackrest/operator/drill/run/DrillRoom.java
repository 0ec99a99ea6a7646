package com.dalibo.pgbackrest.operator.drill.run;

import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRun;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How many drills may take place at once. Each restores a Cluster, which takes processor, memory
/// and bandwidth from those that serve people; and most schedules say three in the morning.
public final class DrillRoom {
  /// In all namespaces.
  static final int MOST = 5;

  /// What a run says that has no room.
  static final String WAITS =
      "it begins when one of the %d drills that take place now has ended".formatted(MOST);

  /// In which the watches have heard of what this operator has done.
  private static final Duration HEARD = Duration.ofMinutes(1);

  /// The runs that take place, as this operator has seen last.
  private final Map<ObjectKey, Instant> seen = new HashMap<>();

  private int taken;

  /// A round over all runs begins.
  ///
  /// @param runs as the watches have heard
  public void begin(Collection<RestoreDrillRun> runs, Instant now) {
    seen.values().removeIf(at -> at.plus(HEARD).isBefore(now));
    var known = new HashSet<>(seen.keySet());
    runs.stream().filter(DrillRoom::takesPlace).map(DrillRoom::key).forEach(known::add);
    taken = known.size();
  }

  /// A run as it is now.
  public void see(RestoreDrillRun run, Instant now) {
    if (takesPlace(run)) {
      seen.put(key(run), now);
    } else {
      seen.remove(key(run));
    }
  }

  private static ObjectKey key(RestoreDrillRun run) {
    return new ObjectKey(run.namespace(), run.name());
  }

  private static boolean takesPlace(RestoreDrillRun run) {
    var phase = run.phase();
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
  public boolean keepsWaiting(RestoreDrillRun run) {
    return isFull() && run.phase() == Phase.PENDING && WAITS.equals(message(run));
  }

  private boolean isFull() {
    return taken >= MOST;
  }

  private static @Nullable String message(RestoreDrillRun run) {
    return Optional.ofNullable(run.status()).map(status -> status.message()).orElse(null);
  }
}
