package com.dalibo.pgbackrest.operator.drill.run;

import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.operator.inventory.Kinds;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.TimeSpan;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRun;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Phase;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Result;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillSpec;
import com.dalibo.pgbackrest.stanza.api.reason.DrillReason;
import com.dalibo.pgbackrest.stanza.api.status.StanzaOwner;
import com.dalibo.pgbackrest.stanza.api.status.StanzaStatus;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Brings a run one step further. Every step looks at what is there, acts, and is written down
/// after that: an operator which takes over finds either, and does the same.
public final class RunProgress {

  /// In which the Cluster has to be created once there is room, and then the pod that restores has
  /// to start.
  static final Duration START = Duration.ofMinutes(10);

  /// In which a Stanza of the same file comes, and its first status.
  private static final Duration SETTLED = Duration.ofMinutes(1);

  private static final Duration TIMEOUT = Duration.ofHours(4);
  private static final int STEPS_AT_ONCE = 6;

  private final DrillObjects objects;
  private final InstantSource clock;
  private final Inventory inventory;
  private final DrillRoom room;
  private final Restoring restoring;
  private final Checking checking;

  public RunProgress(
      DrillObjects objects, InstantSource clock, Inventory inventory, DrillRoom room) {
    this.objects = objects;
    this.clock = clock;
    this.inventory = inventory;
    this.room = room;
    this.restoring = new Restoring(objects, clock);
    this.checking = new Checking(objects, clock);
  }

  /// As far as it goes now.
  ///
  /// @return the run as it is then
  public RestoreDrillRun advance(RestoreDrillRun run) throws InvalidStanzaException {
    return advance(run, true);
  }

  /// As far as it goes now, but a run whose Cluster is not created yet ends.
  ///
  /// @param run whose drill is gone
  public RestoreDrillRun finish(RestoreDrillRun run) throws InvalidStanzaException {
    return advance(run, false);
  }

  private RestoreDrillRun advance(RestoreDrillRun run, boolean mayBegin)
      throws InvalidStanzaException {
    var now = run;
    for (int i = 0; i < STEPS_AT_ONCE && now.phase() != Phase.ENDED; i++) {
      var draft = new RunDraft(now);
      step(now, draft, mayBegin);
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

  private void step(RestoreDrillRun run, RunDraft draft, boolean mayBegin) {
    switch (run.phase()) {
      case PENDING -> begin(run, draft, mayBegin);
      case RESTORING -> follow(run, draft);
      case CHECKING -> check(run, draft);
      case REMOVING -> remove(run, draft);
      case ENDED -> {}
    }
  }

  // -- pending -----------------------------------------------------------------------------------

  private void begin(RestoreDrillRun run, RunDraft draft, boolean mayBegin) {
    draft.phase(Phase.PENDING).step("scheduled", Instant.parse(run.spec().scheduledTime()));
    var name = DrillNames.cluster(run.name());
    draft.set("cluster", name);
    var present = objects.cluster(run.namespace(), name);
    if (present.isPresent()) {
      adopt(run, draft, present.get());
      return;
    }
    if (!mayBegin) {
      draft.end(Result.MISSED, gone(run));
      return;
    }
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
    return clock.instant().isAfter(created(run).plus(SETTLED));
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
        draft.message("the Cluster cannot be created yet: " + DrillObjects.words(e));
      }
      return;
    }
    objects
        .cluster(run.namespace(), DrillNames.cluster(run.name()))
        .ifPresent(cluster -> adopt(run, draft, cluster));
  }

  /// The Cluster is there; it may have been made by an operator before this one.
  private void adopt(RestoreDrillRun run, RunDraft draft, JsonObject cluster) {
    var name = DrillNames.cluster(run.name());
    if (!isOf(run, cluster)) {
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
        .set("clusterUid", text(metadata, "uid"))
        .step("created", created(metadata).orElseGet(clock::instant))
        .message("the Cluster '%s' is created".formatted(name));
  }

  private static boolean isOf(RestoreDrillRun run, JsonObject cluster) {
    return cluster.getAsJsonObject("metadata").get("ownerReferences") instanceof JsonArray owners
        && owners.asList().stream()
            .anyMatch(owner -> text(owner.getAsJsonObject(), "uid").equals(run.metadata().uid()));
  }

  private static Optional<Problem> refusal(RestoreDrillRun run, KubernetesClientException e) {
    var words = DrillObjects.words(e);
    if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN && words.contains("cannot create")) {
      return Optional.of(
          new Problem(
              DrillReason.DRILL_NOT_PERMITTED,
              "the operator may not create the Cluster '%s': %s; grant it: kubectl apply -k deploy/overlays/drills (docs/reference/rights.md#restore-drills)"
                  .formatted(DrillNames.cluster(run.name()), words)));
    }
    return DrillObjects.isRefusal(e) ? Optional.of(refused(run, e)) : Optional.empty();
  }

  /// Since when it could have been created.
  private Instant admitted(RunDraft draft) {
    return draft.step("admitted").orElseGet(clock::instant);
  }

  private static Problem refused(RestoreDrillRun run, KubernetesClientException e) {
    return new Problem(
        DrillReason.DRILL_REFUSED,
        "Kubernetes refuses the Cluster '%s': %s; let the quotas, policies and webhooks of the namespace admit it, or correct spec.cluster of the RestoreDrill '%s'"
            .formatted(
                DrillNames.cluster(run.name()), DrillObjects.words(e), run.spec().drillRef()));
  }

  // -- restoring, checking -----------------------------------------------------------------------

  private void follow(RestoreDrillRun run, RunDraft draft) {
    var cluster = ownCluster(run, draft);
    if (cluster.isPresent()) {
      restoring.follow(run, draft, cluster.get());
      if (!isEnded(draft) && isTimedOut(run)) {
        timeOut(run, draft, "the Cluster is not restored yet");
      }
    }
  }

  private void check(RestoreDrillRun run, RunDraft draft) {
    var cluster = ownCluster(run, draft);
    if (cluster.isPresent()) {
      checking.follow(run, draft, cluster.get(), left(run));
      if (!isEnded(draft) && isTimedOut(run)) {
        timeOut(run, draft, "the checks have not ended");
      }
    }
    if (isEnded(draft)) {
      draft.step("checked", clock.instant()).duration("checks", "ready", "checked");
    }
  }

  private static boolean isEnded(RunDraft draft) {
    return draft.json().get("result") instanceof JsonPrimitive;
  }

  private Duration left(RestoreDrillRun run) {
    return Duration.between(clock.instant(), begun(run).plus(timeout(run)));
  }

  /// When its Cluster was created, for which it may have waited.
  private static Instant begun(RestoreDrillRun run) {
    return new RunDraft(run).step("created").orElseGet(() -> created(run));
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

  /// The Cluster of the run; where it is gone, so is the run.
  private Optional<JsonObject> ownCluster(RestoreDrillRun run, RunDraft draft) {
    var name = DrillNames.cluster(run.name());
    var uid = run.status() == null ? null : run.status().clusterUid();
    var cluster =
        objects
            .cluster(run.namespace(), name)
            .filter(present -> text(present.getAsJsonObject("metadata"), "uid").equals(uid))
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

  // -- removing ----------------------------------------------------------------------------------

  private void remove(RestoreDrillRun run, RunDraft draft) {
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
    var cluster = objects.cluster(run.namespace(), name).filter(present -> isOf(run, present));
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

  /// A failed run may keep its Cluster for a look.
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

  // -- what is read ------------------------------------------------------------------------------

  private static Instant created(RestoreDrillRun run) {
    var created = run.metadata().creationTimestamp();
    return Instant.parse(created == null ? run.spec().scheduledTime() : created);
  }

  private static Optional<Instant> created(JsonObject metadata) {
    return Optional.of(text(metadata, "creationTimestamp"))
        .filter(text -> !text.isEmpty())
        .map(Instant::parse);
  }

  private static String text(@Nullable JsonObject object, String field) {
    return object != null && object.get(field) instanceof JsonPrimitive value
        ? value.getAsString()
        : "";
  }
}
