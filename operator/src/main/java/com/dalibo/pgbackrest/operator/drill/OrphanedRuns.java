package com.dalibo.pgbackrest.operator.drill;

import com.dalibo.pgbackrest.operator.drill.run.DrillObjects;
import com.dalibo.pgbackrest.operator.drill.run.RunProgress;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRun;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Phase;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/// Runs whose drill was removed without them (`kubectl delete --cascade=orphan`). One that takes
/// place continues to its end, so that its Cluster is removed; one that has not begun does not
/// begin; and the evidence of one that has ended is kept for a while.
final class OrphanedRuns {
  private static final Duration KEPT = Duration.ofDays(30);

  private final DrillObjects objects;
  private final InstantSource clock;

  private final RunProgress progress;
  private final RunAttempts attempts;

  OrphanedRuns(
      DrillObjects objects, InstantSource clock, RunProgress progress, RunAttempts attempts) {
    this.objects = objects;
    this.clock = clock;
    this.progress = progress;
    this.attempts = attempts;
  }

  /// @param drills those that are there
  void follow(Collection<RestoreDrillRun> runs, Set<ObjectKey> drills) {
    for (var run : runs) {
      if (!drills.contains(drill(run))) {
        var _ = attempts.make(run, () -> finished(run));
      }
    }
  }

  private RestoreDrillRun finished(RestoreDrillRun run) throws InvalidStanzaException {
    var orphan = unended(run);
    return orphan.isPresent() ? progress.finish(orphan.get()) : run;
  }

  /// The drill that a run names.
  static ObjectKey drill(RestoreDrillRun run) {
    return new ObjectKey(run.namespace(), run.spec().drillRef());
  }

  /// Removes a run that ended long ago.
  ///
  /// @param run of a drill that is not known
  /// @return the run as it is now, if it has to be brought to its end
  private Optional<RestoreDrillRun> unended(RestoreDrillRun run) {
    if (run.phase() == Phase.ENDED && clock.instant().isBefore(end(run).plus(KEPT))) {
      return Optional.empty();
    }
    var orphan = objects.orphan(run.namespace(), run.name());
    orphan.filter(ended -> ended.phase() == Phase.ENDED).ifPresent(objects::deleteRun);
    return orphan.filter(left -> left.phase() != Phase.ENDED);
  }

  private static Instant end(RestoreDrillRun run) {
    return Optional.ofNullable(run.status())
        .map(RestoreDrillRunStatus::endTime)
        .or(() -> Optional.ofNullable(run.metadata().creationTimestamp()))
        .map(Instant::parse)
        .orElse(Instant.MIN);
  }
}
