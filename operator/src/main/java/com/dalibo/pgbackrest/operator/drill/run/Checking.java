package com.dalibo.pgbackrest.operator.drill.run;

import com.dalibo.pgbackrest.operator.inventory.ServerMessage;
import com.dalibo.pgbackrest.operator.job.JobState;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRun;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Result;
import com.dalibo.pgbackrest.stanza.api.reason.DrillReason;
import com.google.gson.JsonObject;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/// Has the checks run on the restored Cluster, and what hinders them.
final class Checking {

  /// The time limit for the start of the pod that runs the checks.
  private static final Duration START = Duration.ofMinutes(10);

  private final DrillObjects objects;
  private final CheckPods pods;
  private final InstantSource clock;

  Checking(DrillObjects objects, InstantSource clock) {
    this.objects = objects;
    this.pods = new CheckPods(objects);
    this.clock = clock;
  }

  /// @param left the time in which the run has to end
  void follow(RestoreDrillRun run, RunDraft draft, JsonObject cluster, Duration left) {
    var name = DrillNames.job(run.name());
    var job = objects.job(run.namespace(), name);
    if (job.isEmpty()) {
      ClusterImage.of(run, cluster, objects).ifPresent(image -> create(run, draft, image, left));
      return;
    }
    if (!DrillObjects.isOf(run, job.get())) {
      fail(
          draft,
          "there is a Job '%s' that does not belong to this run; if it is not needed, remove it: kubectl delete job %s --namespace %s"
              .formatted(name, name, run.namespace()));
      return;
    }
    var report = pods.report(run);
    var state = new JobState(job.get());
    if (report.filter(found -> found.error() == null).isPresent()) {
      new CheckVerdict(run, draft, report.get()).give();
    } else if (state.isComplete() || state.failed().isPresent()) {
      fail(draft, notAsked(run, report));
    } else if (isLate(state)) {
      fail(draft, notStarted(run));
    }
  }

  private static void fail(RunDraft draft, String message) {
    draft.end(Result.FAILED, new Problem(DrillReason.DRILL_CHECK_FAILED, message));
  }

  private void create(RestoreDrillRun run, RunDraft draft, ClusterImage image, Duration left) {
    try {
      objects.create(new CheckJob(run, image, left).job());
    } catch (KubernetesClientException e) {
      if (DrillObjects.isQuota(e) && !isLate(draft)) {
        draft.message(
            "the Job '%s' cannot be created yet: %s"
                .formatted(DrillNames.job(run.name()), ServerMessage.of(e)));
        return;
      }
      if (!DrillObjects.isRefusal(e) && !DrillObjects.isQuota(e)) {
        throw e;
      }
      fail(
          draft,
          "Kubernetes refuses the Job '%s', so the restored databases could not be asked: %s; let the quotas and policies of the namespace admit it"
              .formatted(DrillNames.job(run.name()), ServerMessage.of(e)));
    }
  }

  /// Whether it has no pod that runs or has run, though it could have had one.
  private boolean isLate(JobState state) {
    return !state.hasReadyPod() && !state.hasFailedPod() && state.isOlder(START, clock.instant());
  }

  /// Whether it could have been created for long.
  private boolean isLate(RunDraft draft) {
    return draft.step("ready").filter(at -> clock.instant().isAfter(at.plus(START))).isPresent();
  }

  private String notAsked(RestoreDrillRun run, Optional<CheckReport> report) {
    return "the restored databases could not be asked: %s; see whether a NetworkPolicy lets pods with the label '%s' reach the Cluster, and whether its image has psql"
        .formatted(
            report.map(CheckReport::error).orElseGet(() -> pods.warning(run)), DrillNames.DRILL);
  }

  private String notStarted(RestoreDrillRun run) {
    return "the pod that asks the restored databases did not start within %d minutes: %s; correct that"
        .formatted(START.toMinutes(), pods.warning(run));
  }
}
