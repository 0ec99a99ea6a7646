package com.dalibo.pgbackrest.operator.inspection;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.dalibo.pgbackrest.operator.job.JobPurpose;
import com.dalibo.pgbackrest.operator.job.JobRequest;
import com.dalibo.pgbackrest.operator.job.SidecarJobs;
import com.dalibo.pgbackrest.operator.permissions.JobOwner;
import com.dalibo.pgbackrest.operator.status.ConditionWriter;
import com.dalibo.pgbackrest.operator.status.StanzaOwnerCheck;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.reason.ConditionType;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/// Has the repositories of each Stanza queried to which no Cluster archives: when it is created,
/// when it or its Secrets change, when a user asks, and every six hours. The answer is written by
/// the Job; here is said why there is none.
///
/// Nothing is remembered here: the status has what the last inspection was about, and the name of
/// the Job follows from that, so that two operators make one Job.
public final class Inspections {

  private static final Log LOG = Log.of(Inspections.class);

  /// Its Cluster may be in the same file, and come a moment later.
  private static final Duration SETTLED = Duration.ofSeconds(3);

  private final InstantSource clock;
  private final Inventory inventory;
  private final StanzaOwnerCheck owners;
  private final ReferredVersions versions;
  private final SidecarJobs jobs;
  private final ConditionWriter writer;

  /// @param image of the sidecar
  public Inspections(
      KubernetesClient client, InstantSource clock, Inventory inventory, String image) {
    this.clock = clock;
    this.inventory = inventory;
    this.owners = new StanzaOwnerCheck(inventory);
    this.versions = new ReferredVersions(client, clock);
    this.jobs = new SidecarJobs(client, clock, image, JobPurpose.INSPECTION);
    this.writer = new ConditionWriter(client);
  }

  public void follow() {
    if (!inventory.isComplete() || !inventory.knowsClusters()) {
      return;
    }
    jobs.beginRound();
    var keys = inventory.stanzas().keySet();
    versions.keepOnly(keys);
    keys.stream().flatMap(key -> inventory.readableStanza(key).stream()).forEach(this::follow);
  }

  private void follow(Stanza stanza) {
    if (isNew(stanza) || owners.isWritten(stanza)) {
      return;
    }
    try {
      var request = InspectionRequest.of(stanza, versions.of(stanza));
      if (request.isDue(clock.instant())) {
        follow(request);
      }
    } catch (KubernetesClientException e) {
      LOG.warning(
          "a Stanza was not inspected and is tried again",
          "stanza",
          key(stanza),
          "cause",
          e.getMessage());
    } catch (RuntimeException e) {
      // One that cannot be judged does not keep those of others waiting.
      LOG.error("a Stanza cannot be inspected", e, "stanza", key(stanza));
    }
  }

  private void follow(InspectionRequest request) {
    jobs.follow(
            new JobRequest(
                JobOwner.of(request.stanza()),
                request.stanza(),
                request.jobName(),
                request.fingerprint(),
                Map::of))
        .ifPresent(
            obstacle -> report(request, obstacle.status(), obstacle.problem(), obstacle.isOver()));
  }

  private boolean isNew(Stanza stanza) {
    var created = stanza.metadata().creationTimestamp();
    return created != null && clock.instant().isBefore(Instant.parse(created).plus(SETTLED));
  }

  /// Writes the condition, unless it is there.
  ///
  /// @param isOver whether this inspection has come to nothing, and the next one is to wait
  private void report(InspectionRequest request, String status, Problem problem, boolean isOver) {
    var stanza = request.stanza();
    var now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    var condition =
        ConditionWriter.condition(stanza, ConditionType.INSPECTED, status, problem, now);
    if (!isOver && ConditionWriter.conditions(stanza).contains(condition)) {
      return;
    }
    var _ = writer.write(stanza, List.of(condition), isOver ? inspection(request, now) : none());
  }

  private static ObjectNode inspection(InspectionRequest request, String now) {
    var status = none();
    status.putObject("inspection").put("time", now).put("request", request.fingerprint());
    return status;
  }

  private static ObjectNode none() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static ObjectKey key(Stanza stanza) {
    return new ObjectKey(stanza.namespace(), stanza.name());
  }
}
