package com.dalibo.pgbackrest.operator.drill.run;

import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.operator.inventory.Kinds;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.dalibo.pgbackrest.operator.inventory.ServerMessage;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRun;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Phase;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Result;
import com.dalibo.pgbackrest.stanza.api.reason.DrillReason;
import com.dalibo.pgbackrest.stanza.api.status.StanzaOwner;
import com.dalibo.pgbackrest.stanza.api.status.StanzaStatus;
import com.google.gson.JsonObject;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// Creates the Cluster of a run, once there is room and there is something to restore.
final class ClusterCreation {

  /// In which the Cluster has to be created once there is room, and then the pod that restores has
  /// to start.
  static final Duration START = Duration.ofMinutes(10);

  /// In which a Stanza of the same file is created, and has its first status.
  private static final Duration SETTLED = Duration.ofMinutes(1);

  private final DrillObjects objects;
  private final InstantSource clock;
  private final Inventory inventory;
  private final DrillRoom room;

  ClusterCreation(DrillObjects objects, InstantSource clock, Inventory inventory, DrillRoom room) {
    this.objects = objects;
    this.clock = clock;
    this.inventory = inventory;
    this.room = room;
  }

  void follow(RestoreDrillRun run, RunDraft draft) {
    if (!isCreated(run, draft)) {
      begin(run, draft);
    }
  }

  /// Ends a run whose Cluster is not created yet.
  ///
  /// @param run whose drill is gone
  void end(RestoreDrillRun run, RunDraft draft) {
    if (!isCreated(run, draft)) {
      draft.end(Result.MISSED, gone(run));
    }
  }

  /// Whether the Cluster is there; it may have been created by an operator before this one.
  private boolean isCreated(RestoreDrillRun run, RunDraft draft) {
    draft.phase(Phase.PENDING).step("scheduled", Instant.parse(run.spec().scheduledTime()));
    var name = DrillNames.cluster(run.name());
    draft.set("cluster", name);
    var present = objects.cluster(run.namespace(), name);
    present.ifPresent(cluster -> adopt(run, draft, cluster));
    return present.isPresent();
  }

  private void begin(RestoreDrillRun run, RunDraft draft) {
    var stanza = inventory.readableStanza(new ObjectKey(run.namespace(), run.spec().stanzaRef()));
    var problem = problem(run, stanza);
    if (problem.isPresent()) {
      if (isSettled(run)) {
        draft.end(resultOf(problem.get()), problem.get());
      } else {
        draft.message(problem.get().message());
      }
      return;
    }
    if (room.isFull()) {
      draft.message(DrillRoom.WAITS);
    } else {
      draft.step("admitted", clock.instant());
      create(run, draft, stanza.orElseThrow());
    }
  }

  private static Problem gone(RestoreDrillRun run) {
    return new Problem(
        DrillReason.DRILL_INVALID,
        "the RestoreDrill '%s' was removed before the run had begun; create it again for other runs"
            .formatted(run.spec().drillRef()));
  }

  private static Result resultOf(Problem problem) {
    return problem.reason() == DrillReason.DRILL_NOTHING_TO_RESTORE ? Result.FAILED : Result.MISSED;
  }

  private boolean isSettled(RestoreDrillRun run) {
    return clock.instant().isAfter(run.created().plus(SETTLED));
  }

  private static Optional<Problem> problem(RestoreDrillRun run, Optional<Stanza> stanza) {
    if (stanza.isEmpty()) {
      return Optional.of(
          new Problem(
              DrillReason.DRILL_INVALID,
              "the Stanza '%s' is not in namespace '%s', or cannot be read; create it there, or correct spec.stanzaRef of the RestoreDrill '%s'"
                  .formatted(run.spec().stanzaRef(), run.namespace(), run.spec().drillRef())));
    }
    var repository = run.spec().repository();
    var status =
        repository == null
            ? Optional.<Object>empty()
            : stanza
                .get()
                .repositoryStatus(repository)
                .filter(known -> known.lastBackup() != null)
                .map(Object.class::cast);
    return status.isPresent()
        ? Optional.empty()
        : Optional.of(
            new Problem(
                DrillReason.DRILL_NOTHING_TO_RESTORE,
                "repository %s of the Stanza '%s' has no backup, as far as its status says; create a Backup with selectedRepository: \"%s\""
                    .formatted(repository, run.spec().stanzaRef(), repository)));
  }

  private void create(RestoreDrillRun run, RunDraft draft, Stanza stanza) {
    var owner =
        Optional.ofNullable(stanza.status())
            .map(StanzaStatus::owner)
            .map(StanzaOwner::cluster)
            .flatMap(name -> objects.cluster(run.namespace(), name));
    try {
      objects.create(Kinds.CLUSTERS, new DrillCluster(run, stanza, owner).manifest());
    } catch (KubernetesClientException e) {
      var refusal = refusal(run, e);
      if (refusal.isPresent() || clock.instant().isAfter(admitted(draft).plus(START))) {
        draft.end(Result.MISSED, refusal.orElseGet(() -> refused(run, e)));
      } else {
        draft.message("the Cluster cannot be created yet: " + ServerMessage.of(e));
      }
      return;
    }
    objects
        .cluster(run.namespace(), DrillNames.cluster(run.name()))
        .ifPresent(cluster -> adopt(run, draft, cluster));
  }

  private void adopt(RestoreDrillRun run, RunDraft draft, JsonObject cluster) {
    var name = DrillNames.cluster(run.name());
    if (!DrillObjects.isOf(run, cluster)) {
      draft.end(
          Result.MISSED,
          new Problem(
              DrillReason.DRILL_REFUSED,
              "there is a Cluster '%s' that does not belong to this run; if it is not needed, remove it: kubectl delete cluster %s --namespace %s"
                  .formatted(name, name, run.namespace())));
      return;
    }
    var metadata = cluster.getAsJsonObject("metadata");
    draft
        .phase(Phase.RESTORING)
        .set("clusterUid", DrillObjects.text(metadata, "uid"))
        .step("created", created(metadata).orElseGet(clock::instant))
        .message("the Cluster '%s' is created".formatted(name));
  }

  private static Optional<Problem> refusal(RestoreDrillRun run, KubernetesClientException e) {
    var words = ServerMessage.of(e);
    if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN && words.contains("cannot create")) {
      return Optional.of(
          new Problem(
              DrillReason.DRILL_NOT_PERMITTED,
              "the operator may not create the Cluster '%s': %s; grant it: kubectl apply -k deploy/overlays/drills (docs/reference/rights.md#restore-drills)"
                  .formatted(DrillNames.cluster(run.name()), words)));
    }
    return DrillObjects.isRefusal(e) ? Optional.of(refused(run, e)) : Optional.empty();
  }

  /// Since when the Cluster could have been created.
  private Instant admitted(RunDraft draft) {
    return draft.step("admitted").orElseGet(clock::instant);
  }

  private static Problem refused(RestoreDrillRun run, KubernetesClientException e) {
    return new Problem(
        DrillReason.DRILL_REFUSED,
        "Kubernetes refuses the Cluster '%s': %s; let the quotas, policies and webhooks of the namespace admit it, or correct spec.cluster of the RestoreDrill '%s'"
            .formatted(DrillNames.cluster(run.name()), ServerMessage.of(e), run.spec().drillRef()));
  }

  private static Optional<Instant> created(JsonObject metadata) {
    return Optional.of(DrillObjects.text(metadata, "creationTimestamp"))
        .filter(text -> !text.isEmpty())
        .map(Instant::parse);
  }
}
