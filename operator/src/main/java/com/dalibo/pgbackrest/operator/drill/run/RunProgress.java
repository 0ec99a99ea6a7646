package com.dalibo.pgbackrest.operator.drill.run;

import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.operator.inventory.Kinds;
import com.dalibo.pgbackrest.operator.inventory.ServerMessage;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.TimeSpan;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRun;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Phase;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Result;
import com.dalibo.pgbackrest.stanza.api.reason.DrillReason;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// Brings a run one step further. Every step reads what is there, acts, and is recorded after that:
/// an operator which takes over finds either, and does the same.
public final class RunProgress {
  private static final Duration TIMEOUT = Duration.ofHours(4);
  private static final int STEPS_AT_ONCE = 6;

  private final DrillObjects objects;
  private final InstantSource clock;
  private final ClusterCreation creation;
  private final Restoring restoring;
  private final Checking checking;
  private final ClusterRemoval removal;

  public RunProgress(
      DrillObjects objects, InstantSource clock, Inventory inventory, DrillRoom room) {
    this.objects = objects;
    this.clock = clock;
    this.creation = new ClusterCreation(objects, clock, inventory, room);
    this.restoring = new Restoring(objects, clock);
    this.checking = new Checking(objects, clock);
    this.removal = new ClusterRemoval(objects, clock);
  }

  /// Continues a run as far as is possible now.
  ///
  /// @return the run as it is then
  public RestoreDrillRun advance(RestoreDrillRun run) throws InvalidStanzaException {
    return advance(run, creation::follow);
  }

  /// Continues a run as far as is possible now, but ends it where its Cluster is not created yet.
  ///
  /// @param run whose drill is gone
  public RestoreDrillRun finish(RestoreDrillRun run) throws InvalidStanzaException {
    return advance(run, creation::end);
  }

  private interface Beginning {
    void follow(RestoreDrillRun run, RunDraft draft);
  }

  private RestoreDrillRun advance(RestoreDrillRun run, Beginning beginning)
      throws InvalidStanzaException {
    var now = run;
    for (int i = 0; i < STEPS_AT_ONCE && now.phase() != Phase.ENDED; i++) {
      var draft = new RunDraft(now);
      step(now, draft, beginning);
      if (isEnded(draft) && now.result().isEmpty()) {
        draft.set("endTime", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
      }
      if (!draft.isChanged()) {
        return now;
      }
      var written =
          objects.patchStatus(
              Kinds.RESTORE_DRILL_RUNS,
              now.namespace(),
              now.name(),
              String.valueOf(now.metadata().resourceVersion()),
              draft.json());
      if (written.isEmpty()) {
        return now;
      }
      now = RestoreDrillRun.parse(written.get());
    }
    return now;
  }

  private void step(RestoreDrillRun run, RunDraft draft, Beginning beginning) {
    switch (run.phase()) {
      case PENDING -> beginning.follow(run, draft);
      case RESTORING -> restore(run, draft);
      case CHECKING -> check(run, draft);
      case REMOVING -> removal.follow(run, draft);
      case ENDED -> {}
    }
  }

  private void restore(RestoreDrillRun run, RunDraft draft) {
    var cluster = ownCluster(run, draft);
    if (cluster.isPresent()) {
      unlessTimedOut(run, draft, () -> restoring.follow(run, draft, cluster.get()));
      if (!isEnded(draft) && isTimedOut(run)) {
        timeOut(run, draft, "the Cluster is not restored yet");
      }
    }
  }

  private void check(RestoreDrillRun run, RunDraft draft) {
    var cluster = ownCluster(run, draft);
    if (cluster.isPresent()) {
      unlessTimedOut(run, draft, () -> checking.follow(run, draft, cluster.get(), left(run)));
      if (!isEnded(draft) && isTimedOut(run)) {
        timeOut(run, draft, "the checks have not ended");
      }
    }
    if (isEnded(draft)) {
      draft.step("checked", clock.instant()).duration("checks", "ready", "checked");
    }
  }

  /// What cannot be read keeps no run from ending in time.
  private void unlessTimedOut(RestoreDrillRun run, RunDraft draft, Runnable step) {
    try {
      step.run();
    } catch (KubernetesClientException e) {
      if (!isTimedOut(run)) {
        throw e;
      }
      draft.message(ServerMessage.of(e));
    }
  }

  private static boolean isEnded(RunDraft draft) {
    return draft.json().get("result") instanceof JsonPrimitive;
  }

  private Duration left(RestoreDrillRun run) {
    return Duration.between(clock.instant(), begun(run).plus(timeout(run)));
  }

  /// When its Cluster was created; until then the run may have waited for room.
  private static Instant begun(RestoreDrillRun run) {
    return new RunDraft(run).step("created").orElseGet(run::created);
  }

  private boolean isTimedOut(RestoreDrillRun run) {
    return !left(run).isPositive();
  }

  private void timeOut(RestoreDrillRun run, RunDraft draft, String what) {
    var last = draft.json().get("message") instanceof JsonPrimitive said ? said.getAsString() : "";
    restoring.keepLog(run, draft);
    draft.end(
        Result.FAILED,
        new Problem(
            DrillReason.DRILL_TIMED_OUT,
            "after the timeout of %d minutes %s: %s; correct that, or raise spec.timeout of the RestoreDrill '%s'"
                .formatted(timeout(run).toMinutes(), what, last, run.spec().drillRef())));
  }

  private static Duration timeout(RestoreDrillRun run) {
    return Optional.ofNullable(run.spec().timeout()).flatMap(TimeSpan::parse).orElse(TIMEOUT);
  }

  /// The Cluster of the run; where it is gone, the run ends.
  private Optional<JsonObject> ownCluster(RestoreDrillRun run, RunDraft draft) {
    var name = DrillNames.cluster(run.name());
    var uid = run.status() == null ? null : run.status().clusterUid();
    var cluster =
        objects
            .cluster(run.namespace(), name)
            .filter(
                present ->
                    DrillObjects.text(present.getAsJsonObject("metadata"), "uid").equals(uid))
            .filter(present -> !present.getAsJsonObject("metadata").has("deletionTimestamp"));
    if (cluster.isEmpty()) {
      draft.end(
          Result.FAILED,
          new Problem(
              DrillReason.DRILL_CLUSTER_LOST,
              "the Cluster '%s' was removed before the run had ended, and not by the operator; leave Clusters with the label '%s' alone"
                  .formatted(name, DrillNames.DRILL)));
    }
    return cluster;
  }
}
