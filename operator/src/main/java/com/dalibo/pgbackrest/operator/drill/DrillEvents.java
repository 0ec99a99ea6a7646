package com.dalibo.pgbackrest.operator.drill;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.operator.event.EventSubject;
import com.dalibo.pgbackrest.operator.event.EventWriter;
import com.dalibo.pgbackrest.operator.event.ObjectEvent;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrill;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRun;
import com.dalibo.pgbackrest.stanza.api.reason.DrillReason;
import com.dalibo.pgbackrest.stanza.api.reason.Reason;
import java.time.InstantSource;
import java.util.Objects;

/// Reports on a drill how its runs ended, and which did not take place.
final class DrillEvents {
  private static final Log LOG = Log.of(DrillEvents.class);

  private final EventWriter events;
  private final InstantSource clock;

  DrillEvents(EventWriter events, InstantSource clock) {
    this.events = events;
    this.clock = clock;
  }

  void ended(RestoreDrill drill, RestoreDrillRun run) {
    var status = Objects.requireNonNull(run.status());
    var reason =
        Reason.of(Objects.toString(status.reason(), "")).orElse(DrillReason.DRILL_SUCCEEDED);
    var message = "run '%s': %s".formatted(run.name(), status.message());
    write(drill, run.name(), new Problem(reason, message));
    LOG.info(
        "a drill has ended",
        "run",
        run.namespace() + "/" + run.name(),
        "result",
        status.result(),
        "message",
        status.message());
  }

  void missed(RestoreDrill drill, DrillStatus.Missed missed) {
    write(drill, missed.due().toString(), missed.problem());
  }

  /// @param about the run, or the moment that was missed
  private void write(RestoreDrill drill, String about, Problem problem) {
    var subject = EventSubject.of(drill);
    var _ = events.create(new ObjectEvent(subject, about, problem, clock.instant()));
  }
}
