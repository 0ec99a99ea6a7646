package com.dalibo.pgbackrest.operator.inspection;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.dalibo.pgbackrest.operator.permissions.InspectionPermissions;
import com.dalibo.pgbackrest.operator.permissions.OwnedObjects;
import com.dalibo.pgbackrest.operator.permissions.TakenNameException;
import com.dalibo.pgbackrest.operator.status.ConditionWriter;
import com.dalibo.pgbackrest.operator.status.StanzaOwnerCheck;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.status.ConditionType;
import com.dalibo.pgbackrest.stanza.api.status.Reason;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// Has the repositories of each Stanza queried to which no Cluster archives: when it is created,
/// when it or its Secrets change, when a user asks, and every six hours. The answer is written by
/// the Job; here is said why there is none.
///
/// Nothing is remembered here: the status has what the last inspection was about, and the name of
/// the Job follows from that, so that two operators make one Job.
public final class Inspections {

  private static final Log LOG = Log.of(Inspections.class);

  /// As long as that a pod may take to start without anybody being told.
  private static final Duration START = Duration.ofSeconds(20);

  /// Its Cluster may be in the same file, and come a moment later.
  private static final Duration SETTLED = Duration.ofSeconds(3);

  /// Jobs that are made in one round: a thousand Stanzas may be restored from their Git repository
  /// at once.
  private static final int MOST_AT_A_TIME = 10;

  private final KubernetesClient client;
  private final InstantSource clock;
  private final Inventory inventory;
  private final String image;
  private final StanzaOwnerCheck owners;
  private final ReferredVersions versions;
  private final OwnedObjects objects;
  private final JobObstacle obstacle;
  private final ConditionWriter writer;
  private int begun;

  /// @param image of the sidecar
  public Inspections(
      KubernetesClient client, InstantSource clock, Inventory inventory, String image) {
    this.client = client;
    this.clock = clock;
    this.inventory = inventory;
    this.image = image;
    this.owners = new StanzaOwnerCheck(inventory);
    this.versions = new ReferredVersions(client, clock);
    this.objects = new OwnedObjects(client);
    this.obstacle = new JobObstacle(client);
    this.writer = new ConditionWriter(client);
  }

  public void follow() {
    if (!inventory.isComplete() || !inventory.knowsClusters()) {
      return;
    }
    begun = 0;
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
    var stanza = request.stanza();
    var account = stanza.metadata().annotation(InspectionRequest.SERVICE_ACCOUNT);
    if (account.isEmpty() && PodIdentity.isNeeded(stanza)) {
      report(request, "Unknown", needsIdentity(stanza), true);
      return;
    }
    var present =
        client
            .batch()
            .v1()
            .jobs()
            .inNamespace(stanza.namespace())
            .withName(request.jobName())
            .get();
    if (present == null) {
      if (begun < MOST_AT_A_TIME) {
        begun++;
        begin(request, account);
      }
    } else if (isOf(present, stanza)) {
      judge(request, present);
    } else {
      report(request, "False", taken(present), true);
    }
  }

  private boolean isNew(Stanza stanza) {
    var created = stanza.metadata().creationTimestamp();
    return created != null && clock.instant().isBefore(Instant.parse(created).plus(SETTLED));
  }

  private void begin(InspectionRequest request, Optional<String> account) {
    var stanza = request.stanza();
    try {
      var permissions = InspectionPermissions.of(stanza, account);
      if (isOfFormerStanza(permissions.serviceAccount(), stanza)) {
        return;
      }
      permissions.objects().forEach(objects::apply);
      var job =
          new InspectionJob(
                  request, permissions.serviceAccount(), image, pullSecrets(stanza.namespace()))
              .job();
      client.resource(job).create();
      LOG.info("began an inspection", "stanza", key(stanza), "job", request.jobName());
    } catch (TakenNameException e) {
      report(request, "False", new Problem(Reason.INSPECTION_REFUSED, e.words()), true);
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return;
      }
      if (!isRefusal(e)) {
        throw e;
      }
      report(request, "False", refused(e), true);
    }
  }

  /// Kubernetes is about to remove what belonged to a Stanza of this name.
  private boolean isOfFormerStanza(String account, Stanza stanza) {
    var present = client.serviceAccounts().inNamespace(stanza.namespace()).withName(account).get();
    return present != null
        && present.getMetadata().getOwnerReferences().stream()
            .filter(owner -> owner.getKind().equals(Stanza.KIND))
            .anyMatch(owner -> !owner.getUid().equals(stanza.metadata().uid()));
  }

  /// What another try a moment later would not change.
  private static boolean isRefusal(KubernetesClientException e) {
    return e.getCode() == HttpURLConnection.HTTP_FORBIDDEN
        || e.getCode() == HttpURLConnection.HTTP_BAD_REQUEST
        || e.getCode() == UNPROCESSABLE;
  }

  private static final int UNPROCESSABLE = 422;

  /// A namespace gives its pods these in its ServiceAccount `default`.
  private List<LocalObjectReference> pullSecrets(String namespace) {
    var account = client.serviceAccounts().inNamespace(namespace).withName("default").get();
    return account == null
        ? List.of()
        : Objects.requireNonNullElse(account.getImagePullSecrets(), List.of());
  }

  private void judge(InspectionRequest request, Job job) {
    var failed = condition(job, "Failed");
    if (failed.isPresent()) {
      var cause = Objects.toString(failed.get().getReason(), "");
      report(request, "False", obstacle.ofFailed(job, cause), true);
    } else if (condition(job, "Complete").isEmpty() && isLate(job)) {
      obstacle.ofWaiting(job).ifPresent(problem -> report(request, "False", problem, false));
    }
  }

  private static Optional<JobCondition> condition(Job job, String type) {
    var status = job.getStatus();
    return status == null || status.getConditions() == null
        ? Optional.empty()
        : status.getConditions().stream()
            .filter(condition -> type.equals(condition.getType()))
            .filter(condition -> "True".equals(condition.getStatus()))
            .findFirst();
  }

  /// Whether it has no pod that runs, though it could have had one.
  private boolean isLate(Job job) {
    var status = job.getStatus();
    var ready = status == null || status.getReady() == null ? 0 : status.getReady();
    return ready == 0
        && clock
            .instant()
            .isAfter(Instant.parse(job.getMetadata().getCreationTimestamp()).plus(START));
  }

  private static boolean isOf(Job job, Stanza stanza) {
    return job.getMetadata().getOwnerReferences().stream()
        .anyMatch(owner -> Objects.equals(owner.getUid(), stanza.metadata().uid()));
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

  private static Problem needsIdentity(Stanza stanza) {
    return new Problem(
        Reason.INSPECTION_NEEDS_IDENTITY,
        ("a repository takes its credentials from the identity of the pod, which an inspection does"
                + " not have: name a ServiceAccount that has it: kubectl annotate stanza %s"
                + " --namespace %s %s=NAME")
            .formatted(stanza.name(), stanza.namespace(), InspectionRequest.SERVICE_ACCOUNT));
  }

  private static Problem taken(Job job) {
    return new Problem(
        Reason.INSPECTION_REFUSED,
        "there is a Job '%1$s' that does not belong to this Stanza; if it is not needed, remove it: kubectl delete job %1$s --namespace %2$s"
            .formatted(job.getMetadata().getName(), job.getMetadata().getNamespace()));
  }

  private static Problem refused(KubernetesClientException refusal) {
    var status = refusal.getStatus();
    var words =
        status == null || status.getMessage() == null ? refusal.getMessage() : status.getMessage();
    return new Problem(
        Reason.INSPECTION_REFUSED,
        "Kubernetes refuses the inspection: %s; let the quotas and policies of the namespace admit it, and check the operator's permissions (docs/reference/rights.md)"
            .formatted(words));
  }

  private static ObjectKey key(Stanza stanza) {
    return new ObjectKey(stanza.namespace(), stanza.name());
  }
}
