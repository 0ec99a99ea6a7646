package com.dalibo.pgbackrest.operator.job;

import com.dalibo.pgbackrest.cnpgi.Plugin;
import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.operator.inventory.Refusal;
import com.dalibo.pgbackrest.operator.inventory.ServerMessage;
import com.dalibo.pgbackrest.operator.permissions.JobOwner;
import com.dalibo.pgbackrest.operator.permissions.JobPermissions;
import com.dalibo.pgbackrest.operator.permissions.OwnedObjects;
import com.dalibo.pgbackrest.operator.permissions.TakenNameException;
import com.dalibo.pgbackrest.stanza.api.Problem;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// Has Jobs done that ask the repositories of a Stanza: makes each with its permissions, and says
/// what keeps it from an answer. The answer itself is written by the Job.
public final class SidecarJobs {

  private static final Log LOG = Log.of(SidecarJobs.class);

  /// Names a ServiceAccount whose pods have an identity in the cloud; on the Stanza.
  public static final String SERVICE_ACCOUNT = Plugin.NAME + "/inspect-service-account";

  /// As long as that a pod may take to start without anybody being told.
  private static final Duration START = Duration.ofSeconds(20);

  /// Jobs that are made in one round: a thousand Stanzas may be restored from their Git repository
  /// at once.
  private static final int MOST_AT_A_TIME = 10;

  private final KubernetesClient client;
  private final InstantSource clock;
  private final String image;
  private final JobPurpose purpose;
  private final OwnedObjects objects;
  private final JobObstacle obstacle;
  private int begun;

  /// @param image of the sidecar
  public SidecarJobs(
      KubernetesClient client, InstantSource clock, String image, JobPurpose purpose) {
    this.client = client;
    this.clock = clock;
    this.image = image;
    this.purpose = purpose;
    this.objects = new OwnedObjects(client);
    this.obstacle = new JobObstacle(client, purpose);
  }

  /// A round over all objects begins.
  public void beginRound() {
    begun = 0;
  }

  /// Makes the Job, if it is not there yet.
  ///
  /// @return what keeps it from its answer
  public Optional<Obstacle> follow(JobRequest request) {
    var stanza = request.stanza();
    var account = stanza.metadata().annotation(SERVICE_ACCOUNT);
    if (account.isEmpty() && PodIdentity.isNeeded(stanza)) {
      return Optional.of(new Obstacle("Unknown", needsIdentity(request), true));
    }
    var present =
        client
            .batch()
            .v1()
            .jobs()
            .inNamespace(request.owner().namespace())
            .withName(request.jobName())
            .get();
    if (present == null) {
      if (begun >= MOST_AT_A_TIME) {
        return Optional.empty();
      }
      begun++;
      return begin(request, account);
    }
    return isOf(present, request.owner())
        ? judge(present)
        : Optional.of(new Obstacle("False", taken(request.owner(), present), true));
  }

  private Optional<Obstacle> begin(JobRequest request, Optional<String> account) {
    var owner = request.owner();
    try {
      var permissions = JobPermissions.of(owner, request.stanza(), account);
      if (isOfFormerOwner(permissions.serviceAccount(), owner)) {
        return Optional.empty();
      }
      permissions.objects().forEach(objects::apply);
      var job =
          new SidecarJob(
                  purpose,
                  request,
                  permissions.serviceAccount(),
                  image,
                  pullSecrets(owner.namespace()))
              .job();
      client.resource(job).create();
      LOG.info(
          "began a Job",
          "purpose",
          purpose.noun,
          "object",
          owner.namespace() + "/" + owner.name(),
          "job",
          request.jobName());
      return Optional.empty();
    } catch (TakenNameException e) {
      return Optional.of(new Obstacle("False", new Problem(purpose.refused, e.words()), true));
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return Optional.empty();
      }
      if (!Refusal.is(e)) {
        throw e;
      }
      return Optional.of(new Obstacle("False", refused(e), true));
    }
  }

  /// Kubernetes is about to remove what belonged to an object of this name.
  private boolean isOfFormerOwner(String account, JobOwner ours) {
    var present = client.serviceAccounts().inNamespace(ours.namespace()).withName(account).get();
    return present != null
        && present.getMetadata().getOwnerReferences().stream()
            .filter(owner -> owner.getKind().equals(ours.kind()))
            .anyMatch(owner -> !owner.getUid().equals(ours.uid()));
  }

  /// A namespace gives its pods these in its ServiceAccount `default`.
  private List<LocalObjectReference> pullSecrets(String namespace) {
    var account = client.serviceAccounts().inNamespace(namespace).withName("default").get();
    return account == null
        ? List.of()
        : Objects.requireNonNullElse(account.getImagePullSecrets(), List.of());
  }

  private Optional<Obstacle> judge(Job job) {
    var state = new JobState(job);
    var failed = state.failed();
    if (failed.isPresent()) {
      var cause = Objects.toString(failed.get().getReason(), "");
      return Optional.of(new Obstacle("False", obstacle.ofFailed(job, cause), true));
    }
    return !state.isComplete() && isLate(state)
        ? obstacle.ofWaiting(job).map(problem -> new Obstacle("False", problem, false))
        : Optional.empty();
  }

  /// Whether it has no pod that runs, though it could have had one.
  private boolean isLate(JobState state) {
    return !state.hasReadyPod() && state.isOlder(START, clock.instant());
  }

  private static boolean isOf(Job job, JobOwner ours) {
    return job.getMetadata().getOwnerReferences().stream()
        .anyMatch(owner -> Objects.equals(owner.getUid(), ours.uid()));
  }

  private Problem needsIdentity(JobRequest request) {
    return new Problem(
        purpose.needsIdentity,
        ("a repository takes its credentials from the identity of the pod, which %s does"
                + " not have: name a ServiceAccount that has it: kubectl annotate stanza %s"
                + " --namespace %s %s=NAME")
            .formatted(
                purpose == JobPurpose.PLAN ? "that of a plan" : "an inspection",
                request.stanza().name(),
                request.stanza().namespace(),
                SERVICE_ACCOUNT));
  }

  private Problem taken(JobOwner owner, Job job) {
    return new Problem(
        purpose.refused,
        "there is a Job '%1$s' that does not belong to this %3$s; if it is not needed, remove it: kubectl delete job %1$s --namespace %2$s"
            .formatted(
                job.getMetadata().getName(), job.getMetadata().getNamespace(), owner.kind()));
  }

  private Problem refused(KubernetesClientException refusal) {
    return new Problem(
        purpose.refused,
        "Kubernetes refuses the %s: %s; let the quotas and policies of the namespace admit it, and check the operator's permissions (docs/reference/rights.md)"
            .formatted(purpose.noun, ServerMessage.of(refusal)));
  }
}
