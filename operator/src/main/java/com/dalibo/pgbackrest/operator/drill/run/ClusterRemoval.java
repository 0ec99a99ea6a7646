package com.dalibo.pgbackrest.operator.drill.run;

import com.dalibo.pgbackrest.stanza.api.TimeSpan;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRun;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Phase;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Result;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillSpec;
import com.google.gson.JsonPrimitive;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// Removes the Cluster of a run, and the Job that asked it.
final class ClusterRemoval {
  private final DrillObjects objects;
  private final InstantSource clock;

  ClusterRemoval(DrillObjects objects, InstantSource clock) {
    this.objects = objects;
    this.clock = clock;
  }

  void follow(RestoreDrillRun run, RunDraft draft) {
    var now = clock.instant();
    if (isKept(run, draft, now)) {
      return;
    }
    var name = DrillNames.cluster(run.name());
    var job =
        objects
            .job(run.namespace(), DrillNames.job(run.name()))
            .filter(present -> DrillObjects.isOf(run, present));
    if (job.isPresent()) {
      objects.deleteJob(run.namespace(), DrillNames.job(run.name()));
    }
    var cluster =
        objects.cluster(run.namespace(), name).filter(present -> DrillObjects.isOf(run, present));
    if (cluster.isPresent()) {
      if (!cluster.get().getAsJsonObject("metadata").has("deletionTimestamp")) {
        objects.deleteCluster(run.namespace(), name);
      }
      return;
    }
    draft.phase(Phase.ENDED);
    if (draft.step("created").isPresent()) {
      draft.step("removed", now);
      draft.duration(
          "removal", draft.step("checked").isPresent() ? "checked" : "created", "removed");
    }
  }

  /// A failed run may keep its Cluster for a while, so that the cause can be found there.
  private static boolean isKept(RestoreDrillRun run, RunDraft draft, Instant now) {
    var keep = run.spec().keep();
    var span =
        Optional.ofNullable(keep).map(RestoreDrillSpec.Keep::failed).flatMap(TimeSpan::parse);
    if (span.isEmpty() || run.result().filter(Result.FAILED::equals).isEmpty()) {
      return false;
    }
    if (!(draft.json().get("keptUntil") instanceof JsonPrimitive until)) {
      draft.set("keptUntil", now.plus(span.get()).truncatedTo(ChronoUnit.SECONDS).toString());
      return true;
    }
    return now.isBefore(Instant.parse(until.getAsString()));
  }
}
