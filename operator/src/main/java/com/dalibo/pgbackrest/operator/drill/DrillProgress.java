package com.dalibo.pgbackrest.operator.drill;

import com.dalibo.pgbackrest.operator.drill.run.DrillObjects;
import com.dalibo.pgbackrest.operator.drill.run.DrillRoom;
import com.dalibo.pgbackrest.operator.drill.run.RunProgress;
import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.operator.inventory.Kinds;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.dalibo.pgbackrest.stanza.api.ApiWriter;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrill;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRun;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Phase;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillStatus;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Brings a drill further: continues its runs, creates the one that is due, removes those that are
/// no longer kept, and records what they have shown.
final class DrillProgress {
  private final DrillObjects objects;
  private final InstantSource clock;
  private final Inventory inventory;
  private final DrillRoom room;
  private final RunProgress progress;
  private final RunAttempts attempts;
  private final RunCreation creation;
  private final DrillEvents events;

  DrillProgress(
      DrillObjects objects,
      InstantSource clock,
      Inventory inventory,
      DrillRoom room,
      RunProgress progress,
      RunAttempts attempts,
      RunCreation creation,
      DrillEvents events) {
    this.objects = objects;
    this.clock = clock;
    this.inventory = inventory;
    this.room = room;
    this.progress = progress;
    this.attempts = attempts;
    this.creation = creation;
    this.events = events;
  }

  /// What there is to do for a drill now.
  private record Step(
      Optional<Stanza> stanza, DrillSchedule schedule, Optional<Problem> invalid, NextRun next) {

    /// The run that is to be created.
    Optional<NextRun.Due> newRun(List<RestoreDrillRun> runs) {
      return next.due().filter(due -> !due.isIn(runs));
    }

    RestoreDrillStatus status(RestoreDrill drill, List<RestoreDrillRun> runs, Instant now) {
      var repositories =
          stanza.map(found -> RunRequest.repositories(drill, found)).orElse(Set.of());
      return new DrillStatus(drill, List.copyOf(runs), repositories, now)
          .status(invalid, schedule.times(), next.missed(), next.lastDue(), next.request());
    }
  }

  private Step step(RestoreDrill drill, List<RestoreDrillRun> runs) {
    var now = clock.instant();
    var stanza =
        inventory.readableStanza(new ObjectKey(drill.namespace(), drill.spec().stanzaRef()));
    var schedule = DrillSchedule.of(drill, now);
    var invalid = schedule.problem().or(() -> RunRequest.problem(drill, stanza));
    return new Step(
        stanza, schedule, invalid, NextRun.of(drill, schedule.times(), runs, invalid, now));
  }

  /// Whether nothing is due, no run can continue, and all that was shown is recorded.
  ///
  /// @param runs oldest first
  boolean isAtRest(RestoreDrill drill, List<RestoreDrillRun> runs) {
    var step = step(drill, runs);
    return runs.stream().allMatch(run -> run.phase() == Phase.ENDED || room.keepsWaiting(run))
        && step.newRun(runs).isEmpty()
        && step.status(drill, runs, clock.instant()).equals(drill.status())
        && RunHistory.of(drill).expired(runs).isEmpty();
  }

  /// Does what there is to do, and returns the drill and its runs as they are then.
  DrillMetrics.Drill advance(RestoreDrill drill) throws InvalidStanzaException {
    var runs = new ArrayList<RestoreDrillRun>();
    inOrder(objects.runs(drill))
        .forEach(run -> runs.add(attempts.make(run, () -> progress.advance(run))));
    var status = next(drill, runs);
    if (status.isPresent()) {
      RunHistory.of(drill).expired(runs).forEach(objects::deleteRun);
    }
    return new DrillMetrics.Drill(drill, status.orElse(drill.status()), runs);
  }

  static List<RestoreDrillRun> inOrder(List<RestoreDrillRun> runs) {
    return runs.stream()
        .sorted(Comparator.comparing((RestoreDrillRun run) -> run.spec().scheduledTime()))
        .toList();
  }

  /// Creates the run that is due, and writes the status of the drill.
  ///
  /// @return what is written; empty if the drill is no longer as it was read
  private Optional<RestoreDrillStatus> next(RestoreDrill drill, List<RestoreDrillRun> runs)
      throws InvalidStanzaException {
    var step = step(drill, runs);
    var due = step.newRun(runs);
    if (due.isPresent()) {
      runs.add(creation.create(drill, step.stanza().orElseThrow(), due.get(), runs));
    }
    var ended = new DrillStatus(drill, List.copyOf(runs), Set.of(), clock.instant()).uncounted();
    var wanted = step.status(drill, runs, clock.instant());
    if (wanted.equals(drill.status())) {
      return Optional.of(wanted);
    }
    ended.forEach(run -> events.ended(drill, run));
    step.next().missed().ifPresent(missed -> events.missed(drill, missed));
    return objects
        .patchStatus(
            Kinds.RESTORE_DRILLS,
            drill.namespace(),
            drill.name(),
            String.valueOf(drill.metadata().resourceVersion()),
            ApiWriter.mergePatch(wanted))
        .map(_ -> wanted);
  }
}
