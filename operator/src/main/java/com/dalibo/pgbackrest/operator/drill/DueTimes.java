package com.dalibo.pgbackrest.operator.drill;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// When a drill was due since that was last checked.
///
/// @param run the last of them, if it is not too late for a run
/// @param last the last of them, too late or not
/// @param missed how many of them had no run, without the one in `run`
/// @param lastMissed the last of those
record DueTimes(
    Optional<Instant> run, Optional<Instant> last, int missed, Optional<Instant> lastMissed) {

  /// After it a run would no longer be the one that was due.
  static final Duration LATE = Duration.ofMinutes(10);

  /// Counted no further: an operator may have been away for weeks.
  private static final int MOST = 10_000;

  static DueTimes of(CronSchedule schedule, Instant before, Instant now) {
    var previous = Optional.<Instant>empty();
    var last = Optional.<Instant>empty();
    var next = schedule.next(before);
    int count = 0;
    while (next.isPresent() && !next.get().isAfter(now) && count < MOST) {
      previous = last;
      last = next;
      next = schedule.next(next.get());
      count++;
    }
    var run = last.filter(due -> now.isBefore(due.plus(LATE)));
    return run.isPresent()
        ? new DueTimes(run, last, count - 1, previous)
        : new DueTimes(run, last, count, last);
  }
}
