package com.dalibo.pgbackrest.operator.plan;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.operator.inventory.Entry;
import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.operator.inventory.Kinds;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.dalibo.pgbackrest.operator.inventory.ReleaseRemedy;
import com.dalibo.pgbackrest.operator.inventory.RepeatedFailures;
import com.dalibo.pgbackrest.operator.job.JobPurpose;
import com.dalibo.pgbackrest.operator.job.JobRequest;
import com.dalibo.pgbackrest.operator.job.SidecarJobs;
import com.dalibo.pgbackrest.operator.permissions.JobOwner;
import com.dalibo.pgbackrest.operator.status.ConditionWriter;
import com.dalibo.pgbackrest.operator.status.StatusObject;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.plan.RestorePlan;
import com.dalibo.pgbackrest.stanza.api.reason.ClusterReason;
import com.dalibo.pgbackrest.stanza.api.reason.ConditionType;
import com.dalibo.pgbackrest.stanza.api.reason.PlanReason;
import com.dalibo.pgbackrest.stanza.api.status.StanzaOwner;
import com.dalibo.pgbackrest.stanza.api.status.StanzaStatus;
import com.dalibo.pgbackrest.stanza.contract.SidecarEnvironment;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Has each RestorePlan made when it is created, when it or its Stanza changes, and when a user
/// asks; also beside an owner of the Stanza, for a plan only reads. The plan is written by the Job;
/// here is said why there is none.
public final class RestorePlans {

  private static final Log LOG = Log.of(RestorePlans.class);

  private final KubernetesClient client;
  private final InstantSource clock;
  private final Inventory inventory;
  private final SidecarJobs jobs;
  private final ConditionWriter writer;
  private final RepeatedFailures failures = new RepeatedFailures();

  /// @param image of the sidecar
  public RestorePlans(
      KubernetesClient client, InstantSource clock, Inventory inventory, String image) {
    this.client = client;
    this.clock = clock;
    this.inventory = inventory;
    this.jobs = new SidecarJobs(client, clock, image, JobPurpose.PLAN);
    this.writer = new ConditionWriter(client);
  }

  public void follow() {
    if (!inventory.isComplete()) {
      return;
    }
    jobs.beginRound();
    inventory.restorePlans().forEach(this::follow);
  }

  private void follow(RestorePlan plan) {
    var name = new ObjectKey(plan.namespace(), plan.name());
    try {
      var key = new ObjectKey(plan.namespace(), plan.spec().stanzaRef());
      var stanza = inventory.readableStanza(key);
      var request = PlanRequest.of(plan, stanza);
      if (!request.isDue(clock.instant())) {
        return;
      }
      if (stanza.isEmpty()) {
        report(request, "False", withoutStanza(plan, inventory.stanza(key)), true);
        return;
      }
      jobs.follow(
              new JobRequest(
                  JobOwner.of(plan),
                  stanza.get(),
                  request.jobName(),
                  request.fingerprint(),
                  () -> image(stanza.get())))
          .ifPresent(obstacle -> report(request, "Unknown", obstacle.problem(), obstacle.isOver()));
      failures.end(name);
    } catch (KubernetesClientException e) {
      var cause = ReleaseRemedy.words(e);
      if (failures.isNew(name, cause)) {
        LOG.warning("a plan was not made and is tried again", "plan", name, "cause", cause);
      }
    } catch (RuntimeException e) {
      // One that cannot be judged does not keep those of others waiting.
      LOG.error("a plan cannot be made", e, "plan", name);
    }
  }

  /// The image of the Cluster that archives to the Stanza, which is where the nodes find theirs.
  private Map<String, String> image(Stanza stanza) {
    return Optional.ofNullable(stanza.status())
        .map(StanzaStatus::owner)
        .map(StanzaOwner::cluster)
        .map(
            name ->
                client
                    .genericKubernetesResources(Kinds.CLUSTERS)
                    .inNamespace(stanza.namespace())
                    .withName(name)
                    .get())
        .map(cluster -> cluster.<Object>get("status", "image"))
        .filter(image -> !image.toString().isBlank())
        .map(image -> Map.of(SidecarEnvironment.PLAN_IMAGE, image.toString()))
        .orElse(Map.of());
  }

  private static Problem withoutStanza(RestorePlan plan, Optional<? extends Entry<?>> entry) {
    return entry.isPresent() && entry.get() instanceof Entry.Unreadable<?> unreadable
        ? new Problem(PlanReason.STANZA_INVALID, unreadable.problem().message())
        : new Problem(
            ClusterReason.STANZA_MISSING,
            "there is no Stanza '%s' in namespace '%s'; create it, or correct spec.stanzaRef"
                .formatted(plan.spec().stanzaRef(), plan.namespace()));
  }

  /// Writes the condition, unless it is there.
  ///
  /// @param isOver whether this plan has come to nothing, and the next one is to wait
  private void report(PlanRequest request, String status, Problem problem, boolean isOver) {
    var now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    var object = StatusObject.of(request.plan());
    var condition = ConditionWriter.condition(object, ConditionType.POSSIBLE, status, problem, now);
    if (!isOver && object.conditions().contains(condition)) {
      return;
    }
    var _ = writer.write(object, List.of(condition), content(request, now, isOver));
  }

  /// What an earlier plan found is no longer asked for.
  private static ObjectNode content(PlanRequest request, String now, boolean isOver) {
    var status = JsonNodeFactory.instance.objectNode();
    if (isOver) {
      for (var field :
          List.of(
              "backup",
              "wal",
              "timelines",
              "ends",
              "bytes",
              "volumes",
              "duration",
              "nearest",
              "manifest")) {
        status.putNull(field);
      }
      status
          .put("request", request.fingerprint())
          .put("plannedTime", now)
          .put("observedGeneration", request.plan().metadata().generation());
    }
    return status;
  }
}
