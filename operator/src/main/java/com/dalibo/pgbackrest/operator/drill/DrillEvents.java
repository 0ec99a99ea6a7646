package com.dalibo.pgbackrest.operator.drill;

import com.dalibo.pgbackrest.cnpgi.Plugin;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrill;
import com.dalibo.pgbackrest.stanza.api.status.Reason;
import io.fabric8.kubernetes.api.model.EventBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/// The events on a drill.
final class DrillEvents {

  private static final int LONGEST = 1024;

  private final DrillObjects objects;

  DrillEvents(DrillObjects objects) {
    this.objects = objects;
  }

  /// The name follows from what it is about, so that it is there once.
  ///
  /// @param about the run, or the moment that was missed
  void report(RestoreDrill drill, String about, Problem problem, Instant now) {
    var content = drill.metadata().uid() + "\n" + about;
    var id = UUID.nameUUIDFromBytes(content.getBytes(StandardCharsets.UTF_8)).toString();
    var time = now.truncatedTo(ChronoUnit.SECONDS).toString();
    var message = problem.message();
    objects.create(
        new EventBuilder()
            .withNewMetadata()
            .withNamespace(drill.namespace())
            .withName(DrillNames.label(drill.name()) + "." + id)
            .endMetadata()
            .withNewInvolvedObject()
            .withApiVersion(Stanza.API_VERSION)
            .withKind(RestoreDrill.KIND)
            .withNamespace(drill.namespace())
            .withName(drill.name())
            .withUid(drill.metadata().uid())
            .endInvolvedObject()
            .withType(problem.reason() == Reason.DRILL_SUCCEEDED ? "Normal" : "Warning")
            .withReason(problem.reason().word())
            .withMessage(message.substring(0, Math.min(message.length(), LONGEST)))
            .withNewSource()
            .withComponent(Plugin.NAME)
            .endSource()
            .withFirstTimestamp(time)
            .withLastTimestamp(time)
            .withCount(1)
            .build());
  }
}
