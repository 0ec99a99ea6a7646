package com.dalibo.pgbackrest.operator.drill.run;

import com.dalibo.pgbackrest.operator.inventory.ServerMessage;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRun;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Phase;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Result;
import com.dalibo.pgbackrest.stanza.api.reason.DrillReason;
import com.dalibo.pgbackrest.stanza.api.reason.RestoreReason;
import com.dalibo.pgbackrest.stanza.contract.CopiedBackup;
import com.dalibo.pgbackrest.stanza.contract.MissingWal;
import com.dalibo.pgbackrest.stanza.contract.RecoveryWait;
import com.dalibo.pgbackrest.stanza.contract.SidecarContract;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Follows the Cluster of a run until it is ready: the steps of its restore with their times, and
/// what delays the next one.
final class Restoring {

  /// The containers that restore and replay: of CNPG's Job, and, since 1.31, of the pod.
  private static final List<String> RECOVERING = List.of("full-recovery", "bootstrap-instance");

  /// After such an event every retry of CNPG fails too.
  private static final Set<String> FATAL =
      Set.of(
          RestoreReason.RESTORE_FAILED.word(),
          RestoreReason.RECOVERY_TARGET_UNREACHABLE.word(),
          RestoreReason.RECOVERY_PAUSED.word());

  private static final Duration PASSES_WITHIN = Duration.ofMinutes(10);
  private static final int LOG_LINES = 20;
  private static final int LONGEST_LINE = 500;

  private final DrillObjects objects;
  private final InstantSource clock;

  Restoring(DrillObjects objects, InstantSource clock) {
    this.objects = objects;
    this.clock = clock;
  }

  void follow(RestoreDrillRun run, RunDraft draft, JsonObject cluster) {
    var name = DrillNames.cluster(run.name());
    var pods = pods(run);
    var uid = DrillObjects.text(cluster.getAsJsonObject("metadata"), "uid");
    var events = objects.events(run.namespace(), name, uid);
    started(pods).ifPresent(moment -> draft.step("podStarted", moment));
    events.forEach(event -> copied(event, draft));
    recovered(pods, draft);
    var ready = ready(cluster);
    if (ready.isPresent()) {
      serve(draft, ready.get());
      return;
    }
    var failure = failure(events);
    if (failure.isPresent()) {
      keepLog(run, draft);
      draft.end(
          Result.FAILED,
          new Problem(
              DrillReason.DRILL_RESTORE_FAILED, Objects.toString(failure.get().getMessage(), "")));
    } else if (draft.step("podStarted").isEmpty()) {
      start(run, draft, events);
    } else {
      draft.message(progress(draft, events, cluster));
    }
  }

  /// Keeps the end of the log, for users to read when the pods are gone.
  void keepLog(RestoreDrillRun run, RunDraft draft) {
    var lines = log(run);
    draft.lines(
        "log",
        lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()).stream()
            .map(line -> line.substring(0, Math.min(line.length(), LONGEST_LINE)))
            .toList());
  }

  /// Without a log the run ends nevertheless.
  private List<String> log(RestoreDrillRun run) {
    try {
      return pods(run).stream()
          .filter(pod -> statuses(pod).anyMatch(status -> isOf(status, SidecarContract.CONTAINER)))
          .max(Comparator.comparing(pod -> pod.getMetadata().getCreationTimestamp()))
          .map(pod -> objects.log(pod, SidecarContract.CONTAINER))
          .orElse(List.of());
    } catch (KubernetesClientException e) {
      return List.of("the log could not be read: " + ServerMessage.of(e));
    }
  }

  private List<Pod> pods(RestoreDrillRun run) {
    return objects.pods(run.namespace(), Map.of("cnpg.io/cluster", DrillNames.cluster(run.name())));
  }

  // -- steps -------------------------------------------------------------------------------------

  private static Optional<Instant> started(List<Pod> pods) {
    return pods.stream()
        .flatMap(Restoring::statuses)
        .map(ContainerStatus::getState)
        .filter(Objects::nonNull)
        .map(Restoring::started)
        .filter(Objects::nonNull)
        .map(Instant::parse)
        .min(Comparator.naturalOrder());
  }

  private static @Nullable String started(ContainerState state) {
    if (state.getRunning() != null) {
      return state.getRunning().getStartedAt();
    }
    return state.getTerminated() == null ? null : state.getTerminated().getStartedAt();
  }

  private static void copied(Event event, RunDraft draft) {
    if (!RestoreReason.BACKUP_COPIED.word().equals(event.getReason())) {
      return;
    }
    CopiedBackup.parse(Objects.toString(event.getMessage(), ""))
        .ifPresent(
            copied ->
                draft
                    .step("copied", Instant.parse(DrillObjects.time(event)))
                    .restored("backup", copied.label())
                    .restored("repository", copied.repository()));
  }

  private void recovered(List<Pod> pods, RunDraft draft) {
    if (draft.step("promoted").isPresent()) {
      return;
    }
    for (var pod : pods) {
      var ended = ended(pod);
      if (ended.isEmpty() && draft.step("copied").isEmpty()) {
        continue;
      }
      var container = recovering(pod);
      if (container.isEmpty()) {
        continue;
      }
      var log = RecoveryLog.of(objects.log(pod, container.get()));
      if (log.ended().isPresent() || ended.isPresent()) {
        draft.step("promoted", log.ended().or(() -> ended).orElseThrow());
        log.lastCommit().ifPresent(commit -> draft.restored("lastCommitTime", commit.toString()));
        if (log.isPastTarget()) {
          draft.object("restored").addProperty("pastTarget", true);
        }
      }
    }
  }

  /// When the container that recovers ended with success.
  private static Optional<Instant> ended(Pod pod) {
    return statuses(pod)
        .filter(status -> RECOVERING.contains(status.getName()))
        .map(ContainerStatus::getState)
        .filter(state -> state != null && state.getTerminated() != null)
        .map(ContainerState::getTerminated)
        .filter(terminated -> Objects.equals(terminated.getExitCode(), 0))
        .map(ContainerStateTerminated::getFinishedAt)
        .filter(Objects::nonNull)
        .map(Instant::parse)
        .findFirst();
  }

  private static Optional<String> recovering(Pod pod) {
    return statuses(pod).map(ContainerStatus::getName).filter(RECOVERING::contains).findFirst();
  }

  private static void serve(RunDraft draft, Instant ready) {
    draft
        .step("ready", ready)
        .phase(Phase.CHECKING)
        .message("the Cluster is restored and is asked the checks")
        .duration("start", "created", "podStarted")
        .duration("copy", "podStarted", "copied")
        .duration("replay", "copied", "promoted")
        .duration("serve", "promoted", "ready");
    draft.between("created", "ready").ifPresent(seconds -> draft.set("rtoSeconds", seconds));
  }

  private static Optional<Instant> ready(JsonObject cluster) {
    if (!(cluster.get("status") instanceof JsonObject status)
        || !(status.get("conditions") instanceof JsonArray conditions)) {
      return Optional.empty();
    }
    return conditions.asList().stream()
        .map(JsonElement::getAsJsonObject)
        .filter(condition -> DrillObjects.text(condition, "type").equals("Ready"))
        .filter(condition -> DrillObjects.text(condition, "status").equals("True"))
        .map(condition -> Instant.parse(DrillObjects.text(condition, "lastTransitionTime")))
        .findFirst();
  }

  // -- what delays it -----------------------------------------------------------------------------

  private static Optional<Event> failure(List<Event> events) {
    var warnings = events.stream().filter(event -> "Warning".equals(event.getType())).toList();
    var waits =
        warnings.stream()
            .filter(event -> RestoreReason.RECOVERY_WAITS.word().equals(event.getReason()))
            .toList();
    return warnings.stream()
        .filter(event -> FATAL.contains(event.getReason()) || isPermanent(event, waits))
        .reduce((_, last) -> last);
  }

  /// Whether the recovery waits for WAL that is missing or damaged, or has waited for the same file
  /// before: the sidecar repeats an event every ten minutes. A wait that is over is in one event
  /// only.
  private static boolean isPermanent(Event event, List<Event> waits) {
    return waits.contains(event)
        && (MissingWal.isTold(Objects.toString(event.getMessage(), ""))
            || waits.stream()
                .filter(before -> file(before).equals(file(event)))
                .anyMatch(before -> !moment(event).isBefore(moment(before).plus(PASSES_WITHIN))));
  }

  private static Optional<String> file(Event event) {
    return RecoveryWait.file(Objects.toString(event.getMessage(), ""));
  }

  private static Instant moment(Event event) {
    return Instant.parse(DrillObjects.time(event));
  }

  private void start(RestoreDrillRun run, RunDraft draft, List<Event> events) {
    var words =
        warning(events)
            .map(event -> event.getReason() + ": " + event.getMessage())
            .orElse("Kubernetes reports no cause");
    var name = DrillNames.cluster(run.name());
    draft.message("no pod of the Cluster '%s' runs yet: %s".formatted(name, words));
    var isLate =
        draft.step("created").filter(at -> clock.instant().isAfter(at.plus(ClusterCreation.START)));
    if (isLate.isPresent()) {
      draft.end(
          Result.MISSED,
          new Problem(
              DrillReason.DRILL_NOT_STARTED,
              "no pod of the Cluster '%s' started within %d minutes: %s; correct that, or spec.cluster of the RestoreDrill '%s'"
                  .formatted(
                      name, ClusterCreation.START.toMinutes(), words, run.spec().drillRef())));
    }
  }

  private static Optional<Event> warning(List<Event> events) {
    return events.stream()
        .filter(event -> "Warning".equals(event.getType()))
        .reduce((_, last) -> last);
  }

  private static String progress(RunDraft draft, List<Event> events, JsonObject cluster) {
    var step =
        draft.step("promoted").isPresent()
            ? "the Cluster is starting on the recovered data"
            : draft.step("copied").isPresent()
                ? "WAL is being replayed"
                : "the backup is being copied";
    var phase =
        cluster.get("status") instanceof JsonObject status
            ? DrillObjects.text(status, "phase")
            : "";
    return step
        + (phase.isEmpty() ? "" : "; CNPG: " + phase)
        + warning(events)
            .map(event -> "; last warning: " + event.getReason() + ": " + event.getMessage())
            .orElse("");
  }

  // -- what is read ------------------------------------------------------------------------------

  private static Stream<ContainerStatus> statuses(Pod pod) {
    var status = pod.getStatus();
    return status == null
        ? Stream.of()
        : Stream.concat(
            Objects.requireNonNullElse(
                status.getInitContainerStatuses(), List.<ContainerStatus>of())
                .stream(),
            Objects.requireNonNullElse(status.getContainerStatuses(), List.<ContainerStatus>of())
                .stream());
  }

  private static boolean isOf(ContainerStatus status, String container) {
    return container.equals(status.getName());
  }
}
