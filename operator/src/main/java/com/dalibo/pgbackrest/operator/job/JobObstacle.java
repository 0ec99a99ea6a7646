package com.dalibo.pgbackrest.operator.job;

import com.dalibo.pgbackrest.stanza.api.Problem;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;

/// What keeps a Job from its answer, in the words of Kubernetes: the events on the Job and on its
/// pods.
final class JobObstacle {

  /// The Job controller could not make the pod.
  private static final String FAILED_CREATE = "FailedCreate";

  private final KubernetesClient client;
  private final JobPurpose purpose;

  JobObstacle(KubernetesClient client, JobPurpose purpose) {
    this.client = client;
    this.purpose = purpose;
  }

  /// Of a Job whose pod does not run.
  Optional<Problem> ofWaiting(Job job) {
    return event(job)
        .map(
            event ->
                FAILED_CREATE.equals(event.getReason())
                    ? new Problem(
                        purpose.refused,
                        "Kubernetes refuses the pod of the %s: %s; let the quotas and policies of the namespace admit the Job, which requests %s of CPU and %s of memory, limits %s and %s"
                            .formatted(
                                purpose.noun,
                                event.getMessage(),
                                RestrictedJob.CPU_REQUEST,
                                SidecarJob.MEMORY_REQUEST,
                                RestrictedJob.CPU_LIMIT,
                                RestrictedJob.MEMORY_LIMIT))
                    : new Problem(
                        purpose.waits,
                        "the pod of the %s cannot start: %s: %s; correct that, or see kubectl describe job %s --namespace %s"
                            .formatted(
                                purpose.noun,
                                event.getReason(),
                                event.getMessage(),
                                job.getMetadata().getName(),
                                job.getMetadata().getNamespace())));
  }

  /// Of a Job that has failed.
  ///
  /// @param cause the reason of its condition
  Problem ofFailed(Job job, String cause) {
    var words =
        cause.equals("DeadlineExceeded")
            ? "did not end within %d minutes and was stopped"
                .formatted(SidecarJob.DEADLINE.toMinutes())
            : "failed";
    var waiting = cause.equals("DeadlineExceeded") ? ofWaiting(job) : Optional.<Problem>empty();
    if (waiting.isPresent()) {
      return new Problem(
          waiting.get().reason(),
          "the %s %s: %s".formatted(purpose.noun, words, waiting.get().message()));
    }
    return new Problem(
        purpose.failed,
        "the %s %s; see its log within ten minutes, or after the next one: kubectl logs job/%s --namespace %s"
            .formatted(
                purpose.noun,
                words,
                job.getMetadata().getName(),
                job.getMetadata().getNamespace()));
  }

  private Optional<Event> event(Job job) {
    var name = job.getMetadata().getName();
    try {
      return client
          .v1()
          .events()
          .inNamespace(job.getMetadata().getNamespace())
          .list()
          .getItems()
          .stream()
          .filter(event -> "Warning".equals(event.getType()) && isAbout(event, name))
          .filter(event -> !Objects.toString(event.getReason(), "").contains("Deadline"))
          .filter(event -> !"BackoffLimitExceeded".equals(event.getReason()))
          .max(Comparator.comparing(event -> Objects.toString(event.getLastTimestamp(), "")));
    } catch (KubernetesClientException _) {
      // What is told without them is less, but true.
      return Optional.empty();
    }
  }

  private static boolean isAbout(Event event, String job) {
    var name = event.getInvolvedObject().getName();
    return name != null && (name.equals(job) || name.startsWith(job + "-"));
  }
}
