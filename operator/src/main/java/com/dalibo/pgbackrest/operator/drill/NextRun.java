package com.dalibo.pgbackrest.operator.drill;

import com.dalibo.pgbackrest.operator.drill.run.DrillNames;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrill;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRun;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillStatus;
import com.dalibo.pgbackrest.stanza.api.reason.DrillReason;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which run of a drill is due now, and which did not take place.
///
/// @param due by its schedule, or because a user asked for it
/// @param missed what did not take place since the status was written
/// @param lastDue the status's `lastScheduleTime` after this
/// @param request the status's `lastRequest` after this
record NextRun(
    Optional<Due> due,
    Optional<DrillStatus.Missed> missed,
    @Nullable String lastDue,
    @Nullable String request) {

  /// In which a drill that cannot be run may still be corrected, or its Stanza be created.
  private static final Duration SETTLED = Duration.ofMinutes(1);

  /// A run that is to be created.
  record Due(String name, Instant moment) {

    /// Whether an operator created it that did not come to record so.
    boolean isIn(List<RestoreDrillRun> runs) {
      return runs.stream().anyMatch(run -> run.name().equals(name));
    }
  }

  /// @param schedule empty if the drill has none, or none that can be followed
  /// @param runs oldest first
  /// @param invalid why no run can be created
  static NextRun of(
      RestoreDrill drill,
      Optional<CronSchedule> schedule,
      List<RestoreDrillRun> runs,
      Optional<Problem> invalid,
      Instant now) {
    var before = Optional.ofNullable(drill.status());
    var lastDue =
        before.map(RestoreDrillStatus::lastScheduleTime).map(time -> past(time, now)).orElse(null);
    var lastRequest = before.map(RestoreDrillStatus::lastRequest).orElse(null);
    var nothing = new NextRun(Optional.empty(), Optional.empty(), lastDue, lastRequest);
    var isBusy = runs.stream().anyMatch(run -> run.result().isEmpty());
    var request = drill.metadata().annotation(DrillNames.DRILL).orElse(null);
    if (request != null && !request.equals(lastRequest) && !isBusy && invalid.isEmpty()) {
      var due = new Due(DrillNames.ofRequestedRun(drill.name(), request), now);
      return new NextRun(Optional.of(due), Optional.empty(), lastDue, request);
    }
    var created = Instant.parse(Objects.requireNonNull(drill.metadata().creationTimestamp()));
    if (schedule.isEmpty()) {
      if (lastDue != null || invalid.isPresent() || drill.spec().schedule() != null) {
        return nothing;
      }
      var due = new Due(DrillNames.ofRun(drill.name(), created), created);
      return new NextRun(Optional.of(due), Optional.empty(), created.toString(), lastRequest);
    }
    var times = DueTimes.of(schedule.get(), checkedUntil(drill, created, now), now);
    if (times.last().isEmpty()) {
      return nothing;
    }
    var last = times.last().get();
    if (invalid.isPresent() && now.isBefore(last.plus(SETTLED))) {
      return nothing;
    }
    var due = new Due(DrillNames.ofRun(drill.name(), last), last);
    if (due.isIn(runs) || (times.run().isPresent() && !isBusy && invalid.isEmpty())) {
      var missed = times.lastMissed().map(moment -> operatorDown(moment, times.missed()));
      return new NextRun(Optional.of(due), missed, last.toString(), lastRequest);
    }
    var missed =
        times.run().isEmpty()
            ? operatorDown(last, times.missed())
            : new DrillStatus.Missed(
                last, times.missed() + 1, invalid.orElseGet(() -> stillRunning(drill, runs, last)));
    return new NextRun(Optional.empty(), Optional.of(missed), last.toString(), lastRequest);
  }

  /// The clock may have been ahead for a while; then nothing would be due until it is there again.
  private static String past(String due, Instant now) {
    return Instant.parse(due).isAfter(now) ? now.truncatedTo(ChronoUnit.SECONDS).toString() : due;
  }

  /// Runs that were due before this were created or counted. Nothing was due before the spec asked
  /// for it, and all that is known of a change is that there was one.
  private static Instant checkedUntil(RestoreDrill drill, Instant created, Instant now) {
    var status = drill.status();
    var last = status == null ? null : status.lastScheduleTime();
    var before = last == null ? created : Instant.parse(past(last, now));
    var isChanged =
        status != null
            && !Objects.equals(status.observedGeneration(), drill.metadata().generation());
    var earliest = now.minus(DueTimes.LATE);
    return isChanged && before.isBefore(earliest) ? earliest : before;
  }

  private static DrillStatus.Missed operatorDown(Instant last, int times) {
    return new DrillStatus.Missed(
        last,
        times,
        new Problem(
            DrillReason.DRILL_OPERATOR_DOWN,
            "no operator was running when the drill was due, %d times until %s; find out why: kubectl get pods --all-namespaces --selector app.kubernetes.io/name=pgbackrest"
                .formatted(times, last)));
  }

  private static Problem stillRunning(
      RestoreDrill drill, List<RestoreDrillRun> runs, Instant last) {
    var running =
        runs.stream()
            .filter(run -> run.result().isEmpty())
            .map(RestoreDrillRun::name)
            .findFirst()
            .orElse("");
    return new Problem(
        DrillReason.DRILL_STILL_RUNNING,
        "run '%s' had not ended when the drill was due at %s; give the RestoreDrill '%s' a longer period or a shorter spec.timeout"
            .formatted(running, last, drill.name()));
  }
}
