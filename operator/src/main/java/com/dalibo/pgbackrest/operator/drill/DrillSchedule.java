package com.dalibo.pgbackrest.operator.drill;

import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrill;
import com.dalibo.pgbackrest.stanza.api.reason.DrillReason;
import java.time.Instant;
import java.util.Optional;

/// The schedule of a drill as its spec has it: at most one of both, and neither where the drill is
/// run once.
///
/// @param problem why the text of the schedule cannot be followed
record DrillSchedule(Optional<CronSchedule> times, Optional<Problem> problem) {

  static DrillSchedule of(RestoreDrill drill, Instant now) {
    var text = drill.spec().schedule();
    if (text == null) {
      return new DrillSchedule(Optional.empty(), Optional.empty());
    }
    try {
      var times = CronSchedule.parse(text);
      return times.next(now).isPresent()
          ? new DrillSchedule(Optional.of(times), Optional.empty())
          : invalid(
              drill,
              "the schedule '%s' is never due: no moment of the next five years is among its own"
                  .formatted(text));
    } catch (IllegalArgumentException e) {
      return invalid(drill, String.valueOf(e.getMessage()));
    }
  }

  private static DrillSchedule invalid(RestoreDrill drill, String why) {
    return new DrillSchedule(
        Optional.empty(),
        Optional.of(
            new Problem(
                DrillReason.DRILL_INVALID,
                "%s; correct spec.schedule of the RestoreDrill '%s'"
                    .formatted(why, drill.name()))));
  }
}
