package com.dalibo.pgbackrest.operator.drill.run;

import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.TimeSpan;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRun;
import com.dalibo.pgbackrest.stanza.api.reason.DrillReason;
import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The objectives of a run, RTO and RPO, and what was measured.
record Objectives(RestoreDrillRun run, RunDraft draft) {

  /// The label of a backup contains its time.
  private static final Pattern LABEL = Pattern.compile("(\\d{8}-\\d{6})[FDI]$");

  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss", Locale.ROOT);

  /// Records the RPO. A recovery that met WAL later than its target has everything up to the
  /// target.
  void measureLoss() {
    var asked = Optional.ofNullable(run.spec().askedTime()).map(Instant::parse);
    if (asked.isEmpty() || draft.step("promoted").isEmpty()) {
      return;
    }
    if (draft.restored("pastTarget").isPresent()) {
      draft.set("rpoSeconds", 0);
      return;
    }
    draft
        .restored("lastCommitTime")
        .map(Instant::parse)
        .or(() -> draft.restored("backup").flatMap(Objectives::time))
        .ifPresent(
            commit ->
                draft.set(
                    "rpoSeconds", Math.max(0, Duration.between(commit, asked.get()).toSeconds())));
  }

  /// When a backup began after which no transaction was replayed: what was committed before is in
  /// it.
  private static Optional<Instant> time(String label) {
    var moment = LABEL.matcher(label);
    return moment.find()
        ? Optional.of(LocalDateTime.parse(moment.group(1), MOMENT).toInstant(ZoneOffset.UTC))
        : Optional.empty();
  }

  Optional<Problem> missed() {
    var objectives = run.spec().objectives();
    if (objectives == null) {
      return Optional.empty();
    }
    var missed =
        missed(
                "RTO",
                objectives.rto(),
                draft.json().get("rtoSeconds"),
                "status.rtoSeconds of the run was removed, which the operator wrote when the Cluster was ready; leave the status of runs to the operator, and run the drill again")
            .or(
                () ->
                    missed(
                        "RPO",
                        objectives.rpo(),
                        draft.json().get("rpoSeconds"),
                        notMeasuredLoss()));
    return missed.map(words -> new Problem(DrillReason.DRILL_OBJECTIVE_MISSED, words));
  }

  private String notMeasuredLoss() {
    if (run.spec().askedTime() == null) {
      var target = run.spec().recoveryTarget();
      return target == null || target.isEndOfArchive()
          ? "the Stanza had no latestRestorableTime when the run was created; run the drill again when it has one"
          : "the target of the drill is not a time; give spec.target.recoveryTarget a targetTime, or remove spec.objectives.rpo";
    }
    return draft.step("promoted").isEmpty()
        ? "the pod of the recovery was removed before the operator had read its log; run the drill again"
        : "the log of the recovery names no commit; run the drill again";
  }

  private static Optional<String> missed(
      String name, @Nullable String limit, @Nullable JsonElement seconds, String notMeasured) {
    var most = Optional.ofNullable(limit).flatMap(TimeSpan::parse);
    if (most.isEmpty()) {
      return Optional.empty();
    }
    if (!(seconds instanceof JsonPrimitive measured)) {
      return Optional.of(
          "the restore worked, but its %s could not be measured, so that the objective %s is not proved: %s"
              .formatted(name, limit, notMeasured));
    }
    return measured.getAsLong() <= most.get().toSeconds()
        ? Optional.empty()
        : Optional.of(
            "the restore worked, but the measured %s is %d seconds and the objective %s; see status.seconds of the run for the steps, or correct spec.objectives"
                .formatted(name, measured.getAsLong(), limit));
  }
}
