package com.dalibo.pgbackrest.operator.drill.run;

import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRun;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// What the pods of a [CheckJob] leave: a report, or warnings of Kubernetes.
final class CheckPods {

  private final DrillObjects objects;

  CheckPods(DrillObjects objects) {
    this.objects = objects;
  }

  /// Of the newest pod that has left a report.
  Optional<CheckReport> report(RestoreDrillRun run) {
    return pods(run).stream()
        .sorted(
            Comparator.comparing(
                    (Pod pod) -> Objects.toString(pod.getMetadata().getCreationTimestamp(), ""))
                .reversed())
        .flatMap(pod -> statuses(pod).stream())
        .map(ContainerStatus::getState)
        .filter(state -> state != null && state.getTerminated() != null)
        .map(state -> Objects.toString(state.getTerminated().getMessage(), ""))
        .flatMap(message -> CheckReport.parse(message).stream())
        .findFirst();
  }

  private List<Pod> pods(RestoreDrillRun run) {
    return objects.pods(run.namespace(), Map.of("job-name", DrillNames.job(run.name())));
  }

  private static List<ContainerStatus> statuses(Pod pod) {
    var status = pod.getStatus();
    return status == null
        ? List.of()
        : Objects.requireNonNullElse(status.getContainerStatuses(), List.of());
  }

  /// The last that there is.
  String warning(RestoreDrillRun run) {
    return objects.events(run.namespace(), DrillNames.job(run.name())).stream()
        .filter(event -> "Warning".equals(event.getType()))
        .reduce((_, last) -> last)
        .map(event -> event.getReason() + ": " + event.getMessage())
        .orElse("the pod left no answer");
  }
}
