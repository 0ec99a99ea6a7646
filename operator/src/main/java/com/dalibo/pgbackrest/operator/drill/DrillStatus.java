package com.dalibo.pgbackrest.operator.drill;

import com.dalibo.pgbackrest.operator.drill.run.DrillNames;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrill;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRun;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Result;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillStatus;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillStatus.Condition;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillStatus.Counts;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillStatus.LastRun;
import com.dalibo.pgbackrest.stanza.api.reason.DrillConditionType;
import com.dalibo.pgbackrest.stanza.api.reason.DrillReason;
import com.dalibo.pgbackrest.stanza.api.reason.Reason;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The status of a drill, from what it was, from its runs, and from when it is due.
final class DrillStatus {

  /// The last of the runs that did not take place, their number, and why.
  record Missed(Instant due, int times, Problem problem) {}

  private final RestoreDrill drill;
  private final Optional<RestoreDrillStatus> before;
  private final List<RestoreDrillRun> runs;
  private final Set<Integer> repositories;
  private final Instant now;

  /// @param runs those of this drill, oldest first
  /// @param repositories the numbers of those that it takes in turn
  DrillStatus(
      RestoreDrill drill, List<RestoreDrillRun> runs, Set<Integer> repositories, Instant now) {
    this.drill = drill;
    this.before = Optional.ofNullable(drill.status());
    this.runs = runs;
    this.repositories = repositories;
    this.now = now.truncatedTo(ChronoUnit.SECONDS);
  }

  /// @param invalid why no run can be made
  /// @param missed what did not take place since the status was written
  /// @param lastDue when it was last due, or asked for
  RestoreDrillStatus status(
      Optional<Problem> invalid,
      Optional<CronSchedule> schedule,
      Optional<Missed> missed,
      @Nullable String lastDue,
      @Nullable String lastRequest) {
    var ended = uncounted();
    var counts = counts(ended, missed);
    var lastMissed = lastMissed(ended, missed);
    var newest = runs.isEmpty() ? null : runs.getLast();
    var last = last(Result.SUCCEEDED, Result.FAILED);
    return new RestoreDrillStatus(
        drill.metadata().generation(),
        List.of(proven(invalid, schedule, last), missedCondition(ended, missed, lastMissed, last)),
        newest == null ? null : lastRun(newest),
        last(Result.SUCCEEDED)
            .map(DrillStatus::ended)
            .orElse(before.map(RestoreDrillStatus::lastSuccessTime).orElse(null)),
        lastDue,
        invalid.isPresent()
            ? null
            : schedule.flatMap(times -> times.next(now)).map(Instant::toString).orElse(null),
        lastRequest,
        lastMissed.map(Instant::toString).orElse(null),
        runs.stream()
            .filter(run -> run.result().isPresent())
            .reduce((_, later) -> later)
            .map(run -> run.spec().scheduledTime())
            .orElse(before.map(RestoreDrillStatus::countedUntil).orElse(null)),
        counts);
  }

  /// The runs whose result is new.
  List<RestoreDrillRun> uncounted() {
    var counted = before.map(RestoreDrillStatus::countedUntil).orElse("");
    return runs.stream()
        .filter(run -> run.spec().scheduledTime().compareTo(counted) > 0)
        .filter(run -> run.result().isPresent())
        .toList();
  }

  private Counts counts(List<RestoreDrillRun> ended, Optional<Missed> missed) {
    var old = before.map(RestoreDrillStatus::counts);
    return new Counts(
        old.map(Counts::successful).orElse(0) + count(ended, Result.SUCCEEDED),
        old.map(Counts::failed).orElse(0) + count(ended, Result.FAILED),
        old.map(Counts::missed).orElse(0)
            + count(ended, Result.MISSED)
            + missed.map(Missed::times).orElse(0));
  }

  private static int count(List<RestoreDrillRun> runs, Result result) {
    return (int) runs.stream().filter(run -> has(run, result)).count();
  }

  private static boolean has(RestoreDrillRun run, Result result) {
    return run.result().filter(result::equals).isPresent();
  }

  private Optional<RestoreDrillRun> last(Result... results) {
    return runs.stream()
        .filter(run -> List.of(results).stream().anyMatch(result -> has(run, result)))
        .reduce((_, later) -> later);
  }

  // -- Proven ------------------------------------------------------------------------------------

  private Condition proven(
      Optional<Problem> invalid, Optional<CronSchedule> schedule, Optional<RestoreDrillRun> last) {
    if (invalid.isPresent()) {
      return condition(DrillConditionType.PROVEN, "False", invalid.get());
    }
    if (last.isEmpty()) {
      return condition(
          DrillConditionType.PROVEN,
          "Unknown",
          new Problem(
              DrillReason.DRILL_NOT_RUN,
              "no run of this drill has shown anything yet; wait for the first, or start one: kubectl annotate restoredrill %s --namespace %s --overwrite %s=$(date +%%s)"
                  .formatted(drill.name(), drill.namespace(), DrillNames.DRILL)));
    }
    var problem = problem(last.get());
    var failed = has(last.get(), Result.FAILED) ? last : newestFailed();
    if (failed.isPresent()) {
      return condition(DrillConditionType.PROVEN, "False", problem(failed.get()));
    }
    var due = Instant.parse(last.get().spec().scheduledTime());
    var limit = schedule.flatMap(times -> times.next(due).flatMap(times::next));
    return limit.isPresent() && now.isAfter(limit.get())
        ? condition(
            DrillConditionType.PROVEN,
            "False",
            new Problem(
                DrillReason.DRILL_OUTDATED,
                "the newest run that succeeded, '%s', is older than two periods of the schedule; see the condition Missed"
                    .formatted(last.get().name())))
        : condition(DrillConditionType.PROVEN, "True", problem);
  }

  /// Of the runs that are the newest of their repository: the success of one repository proves
  /// nothing about another.
  private Optional<RestoreDrillRun> newestFailed() {
    return repositories.stream()
        .flatMap(
            repository ->
                runs.stream()
                    .filter(run -> repository.equals(run.spec().repository()))
                    .filter(run -> has(run, Result.SUCCEEDED) || has(run, Result.FAILED))
                    .reduce((_, later) -> later)
                    .stream())
        .filter(run -> has(run, Result.FAILED))
        .max(Comparator.comparing(run -> run.spec().scheduledTime()));
  }

  private static Problem problem(RestoreDrillRun run) {
    var status = Objects.requireNonNull(run.status());
    return new Problem(
        Reason.of(Objects.toString(status.reason(), "")).orElse(DrillReason.DRILL_SUCCEEDED),
        "run '%s': %s".formatted(run.name(), Objects.toString(status.message(), "")));
  }

  // -- Missed ------------------------------------------------------------------------------------

  private Optional<Instant> lastMissed(List<RestoreDrillRun> ended, Optional<Missed> missed) {
    var ofRun =
        ended.stream()
            .filter(run -> has(run, Result.MISSED))
            .map(run -> Instant.parse(run.spec().scheduledTime()))
            .reduce((_, later) -> later);
    return missed
        .map(Missed::due)
        .or(() -> ofRun)
        .or(
            () ->
                before
                    .map(RestoreDrillStatus::lastMissedTime)
                    .map(Instant::parse)
                    // The clock was ahead for a while.
                    .filter(moment -> !moment.isAfter(now)));
  }

  /// Stays until a run has taken place that was due later.
  private Condition missedCondition(
      List<RestoreDrillRun> ended,
      Optional<Missed> missed,
      Optional<Instant> lastMissed,
      Optional<RestoreDrillRun> last) {
    if (missed.isPresent()) {
      return condition(DrillConditionType.MISSED, "True", missed.get().problem());
    }
    var newest = ended.stream().filter(run -> has(run, Result.MISSED)).reduce((_, later) -> later);
    if (newest.isPresent()) {
      return condition(DrillConditionType.MISSED, "True", problem(newest.get()));
    }
    var isMadeGood =
        lastMissed.isEmpty()
            || last.filter(
                    run -> Instant.parse(run.spec().scheduledTime()).isAfter(lastMissed.get()))
                .isPresent();
    return isMadeGood
        ? condition(
            DrillConditionType.MISSED,
            "False",
            new Problem(DrillReason.DRILL_TOOK_PLACE, "no run that was due is missing"))
        : present(DrillConditionType.MISSED)
            .orElseGet(
                () ->
                    condition(
                        DrillConditionType.MISSED,
                        "True",
                        new Problem(DrillReason.DRILL_OPERATOR_DOWN, "a run did not take place")));
  }

  // -- parts -------------------------------------------------------------------------------------

  private Optional<Condition> present(DrillConditionType type) {
    return before.map(RestoreDrillStatus::conditions).orElse(List.of()).stream()
        .filter(condition -> condition.type().equals(type.word()))
        .findFirst();
  }

  private Condition condition(DrillConditionType type, String status, Problem problem) {
    var since =
        present(type)
            .filter(condition -> condition.status().equals(status))
            .map(Condition::lastTransitionTime)
            .orElse(now.toString());
    return new Condition(
        type.word(),
        status,
        drill.metadata().generation(),
        since,
        problem.reason().word(),
        problem.message());
  }

  private static LastRun lastRun(RestoreDrillRun run) {
    return new LastRun(
        run.name(),
        run.phase(),
        run.result().orElse(null),
        ended(run),
        run.status() == null ? null : run.status().message());
  }

  private static @Nullable String ended(RestoreDrillRun run) {
    return run.status() == null ? null : run.status().endTime();
  }
}
