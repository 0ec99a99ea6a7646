package com.dalibo.pgbackrest.operator.drill.run;

import com.dalibo.pgbackrest.cnpgi.Plugin;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.TimeSpan;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRun;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Result;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillSpec;
import com.dalibo.pgbackrest.stanza.api.reason.DrillReason;
import com.dalibo.pgbackrest.stanza.api.reason.Reason;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Runs the checks on the restored Cluster, and judges their results.
final class Checking {

  /// The time limit for the start of the pod that runs the checks.
  private static final Duration START = Duration.ofMinutes(10);

  /// The label of a backup contains its time.
  private static final Pattern LABEL = Pattern.compile("(\\d{8}-\\d{6})[FDI]$");

  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss", Locale.ROOT);

  private final DrillObjects objects;
  private final InstantSource clock;

  Checking(DrillObjects objects, InstantSource clock) {
    this.objects = objects;
    this.clock = clock;
  }

  /// @param left the time in which the run has to end
  void follow(RestoreDrillRun run, RunDraft draft, JsonObject cluster, Duration left) {
    var name = DrillNames.job(run.name());
    var job = objects.job(run.namespace(), name);
    if (job.isEmpty()) {
      image(run, cluster).ifPresent(image -> create(run, draft, cluster, image, left));
      return;
    }
    if (!DrillObjects.isOf(run, job.get())) {
      fail(
          draft,
          DrillReason.DRILL_CHECK_FAILED,
          "there is a Job '%s' that does not belong to this run; if it is not needed, remove it: kubectl delete job %s --namespace %s"
              .formatted(name, name, run.namespace()));
      return;
    }
    var report = report(run);
    var isOver = isIn(job.get(), "Complete") || isIn(job.get(), "Failed");
    if (report.filter(found -> found.error() == null).isPresent()) {
      judge(run, draft, report.get());
    } else if (isOver) {
      fail(draft, DrillReason.DRILL_CHECK_FAILED, notAsked(run, report));
    } else if (isLate(job.get())) {
      fail(draft, DrillReason.DRILL_CHECK_FAILED, notStarted(run));
    }
  }

  private static void fail(RunDraft draft, Reason reason, String message) {
    draft.end(Result.FAILED, new Problem(reason, message));
  }

  // -- asking ------------------------------------------------------------------------------------

  private void create(
      RestoreDrillRun run, RunDraft draft, JsonObject cluster, String image, Duration left) {
    try {
      objects.create(new CheckJob(run, image, pullSecrets(cluster), left).job());
    } catch (KubernetesClientException e) {
      if (!DrillObjects.isRefusal(e)) {
        throw e;
      }
      fail(
          draft,
          DrillReason.DRILL_CHECK_FAILED,
          "Kubernetes refuses the Job '%s', so the restored databases could not be asked: %s; let the quotas and policies of the namespace admit it"
              .formatted(DrillNames.job(run.name()), DrillObjects.words(e)));
    }
  }

  /// The image of the Cluster's pod, which CNPG may have found in a catalogue.
  private Optional<String> image(RestoreDrillRun run, JsonObject cluster) {
    var status = cluster.get("status") instanceof JsonObject found ? found : new JsonObject();
    if (status.get("image") instanceof JsonPrimitive image && !image.getAsString().isEmpty()) {
      return Optional.of(image.getAsString());
    }
    var ofPod =
        objects
            .pods(run.namespace(), Map.of("cnpg.io/cluster", DrillNames.cluster(run.name())))
            .stream()
            .flatMap(pod -> pod.getSpec().getContainers().stream())
            .filter(container -> "postgres".equals(container.getName()))
            .map(Container::getImage)
            .findFirst();
    return ofPod.or(
        () ->
            cluster.getAsJsonObject("spec").get("imageName") instanceof JsonPrimitive image
                ? Optional.of(image.getAsString())
                : Optional.empty());
  }

  private static List<LocalObjectReference> pullSecrets(JsonObject cluster) {
    var secrets = new ArrayList<LocalObjectReference>();
    if (cluster.getAsJsonObject("spec").get("imagePullSecrets") instanceof JsonArray named) {
      for (var secret : named) {
        secrets.add(new LocalObjectReference(secret.getAsJsonObject().get("name").getAsString()));
      }
    }
    return secrets;
  }

  private Optional<CheckReport> report(RestoreDrillRun run) {
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

  private static boolean isIn(Job job, String condition) {
    var status = job.getStatus();
    return status != null
        && status.getConditions() != null
        && status.getConditions().stream()
            .anyMatch(
                found -> condition.equals(found.getType()) && "True".equals(found.getStatus()));
  }

  /// Whether it has no pod that runs or has run, though it could have had one.
  private boolean isLate(Job job) {
    var status = job.getStatus();
    var ready = status == null || status.getReady() == null ? 0 : status.getReady();
    var failed = status == null || status.getFailed() == null ? 0 : status.getFailed();
    var created = job.getMetadata().getCreationTimestamp();
    return ready + failed == 0
        && created != null
        && clock.instant().isAfter(Instant.parse(created).plus(START));
  }

  private String notAsked(RestoreDrillRun run, Optional<CheckReport> report) {
    return "the restored databases could not be asked: %s; see whether a NetworkPolicy lets pods with the label '%s' reach the Cluster, and whether its image has psql"
        .formatted(report.map(CheckReport::error).orElseGet(() -> warning(run)), DrillNames.DRILL);
  }

  private String notStarted(RestoreDrillRun run) {
    return "the pod that asks the restored databases did not start within %d minutes: %s; correct that"
        .formatted(START.toMinutes(), warning(run));
  }

  private String warning(RestoreDrillRun run) {
    return objects.events(run.namespace(), DrillNames.job(run.name())).stream()
        .filter(event -> "Warning".equals(event.getType()))
        .reduce((_, last) -> last)
        .map(event -> event.getReason() + ": " + event.getMessage())
        .orElse("the pod left no answer");
  }

  // -- judging -----------------------------------------------------------------------------------

  private static void judge(RestoreDrillRun run, RunDraft draft, CheckReport report) {
    var checks = CheckJob.checks(run);
    var answers = report.checks();
    record(draft, checks, answers, report);
    measure(run, draft);
    for (int i = 0; i < checks.size(); i++) {
      if (i >= answers.size() || !answers.get(i).passed()) {
        var answer = i < answers.size() ? answers.get(i).answer() : null;
        fail(
            draft,
            DrillReason.DRILL_CHECK_FAILED,
            "the check '%s' was not true in database '%s': it answered '%s'; correct the query, or look for the data in the Cluster (spec.keep.failed)"
                .formatted(
                    checks.get(i).name(),
                    Objects.requireNonNullElse(checks.get(i).database(), "app"),
                    Objects.toString(answer, "")));
        return;
      }
    }
    var pages = report.pages();
    if (Boolean.TRUE.equals(run.spec().pages()) && (pages == null || !pages.passed())) {
      fail(
          draft,
          DrillReason.DRILL_PAGES_DAMAGED,
          "pages are damaged: %s; check the source with pg_amcheck, and restore from an older backup what is damaged there too"
              .formatted(pages == null ? "nothing was read" : pages.answer()));
      return;
    }
    var missed = missedObjective(run, draft);
    if (missed.isPresent()) {
      fail(draft, DrillReason.DRILL_OBJECTIVE_MISSED, missed.get());
      return;
    }
    draft.end(
        Result.SUCCEEDED, new Problem(DrillReason.DRILL_SUCCEEDED, words(draft, checks, pages)));
  }

  private static void record(
      RunDraft draft,
      List<RestoreDrillSpec.Check> checks,
      List<CheckReport.Answer> answers,
      CheckReport report) {
    var results = new JsonArray();
    for (int i = 0; i < Math.min(checks.size(), answers.size()); i++) {
      var result = new JsonObject();
      result.addProperty("name", checks.get(i).name());
      result.addProperty("passed", answers.get(i).passed());
      if (answers.get(i).answer() != null) {
        result.addProperty("answer", answers.get(i).answer());
      }
      results.add(result);
    }
    draft.set("checks", results);
    if (report.pages() != null) {
      var pages = new JsonObject();
      pages.addProperty("passed", report.pages().passed());
      pages.addProperty("read", report.pages().read());
      pages.addProperty("checksums", report.pages().checksums());
      pages.addProperty("answer", report.pages().answer());
      draft.set("pages", pages);
    }
    draft.object("restored").addProperty("size", report.size());
    draft.object("versions").addProperty("postgres", report.postgres());
    draft.object("versions").addProperty("plugin", Plugin.version());
  }

  /// A recovery that met WAL later than its target has everything up to the target.
  private static void measure(RestoreDrillRun run, RunDraft draft) {
    var asked = Optional.ofNullable(run.spec().askedTime()).map(Instant::parse);
    if (asked.isEmpty() || draft.step("promoted").isEmpty()) {
      return;
    }
    if (draft.restored("pastTarget").isPresent()) {
      draft.set("rpoSeconds", 0);
      return;
    }
    draft
        .restored("lastCommitTime")
        .map(Instant::parse)
        .or(() -> draft.restored("backup").flatMap(Checking::time))
        .ifPresent(
            commit ->
                draft.set(
                    "rpoSeconds", Math.max(0, Duration.between(commit, asked.get()).toSeconds())));
  }

  /// When a backup began after which no transaction was replayed: what was committed before is in
  /// it.
  private static Optional<Instant> time(String label) {
    var moment = LABEL.matcher(label);
    return moment.find()
        ? Optional.of(LocalDateTime.parse(moment.group(1), MOMENT).toInstant(ZoneOffset.UTC))
        : Optional.empty();
  }

  private static Optional<String> missedObjective(RestoreDrillRun run, RunDraft draft) {
    var objectives = run.spec().objectives();
    if (objectives == null) {
      return Optional.empty();
    }
    return missed(
            "RTO",
            objectives.rto(),
            draft.json().get("rtoSeconds"),
            "status.rtoSeconds of the run was removed, which the operator wrote when the Cluster was ready; leave the status of runs to the operator, and run the drill again")
        .or(
            () ->
                missed(
                    "RPO",
                    objectives.rpo(),
                    draft.json().get("rpoSeconds"),
                    notMeasuredLoss(run, draft)));
  }

  private static String notMeasuredLoss(RestoreDrillRun run, RunDraft draft) {
    if (run.spec().askedTime() == null) {
      var target = run.spec().recoveryTarget();
      return target == null || target.isEndOfArchive()
          ? "the Stanza had no latestRestorableTime when the run was created; run the drill again when it has one"
          : "the target of the drill is not a time; give spec.target.recoveryTarget a targetTime, or remove spec.objectives.rpo";
    }
    return draft.step("promoted").isEmpty()
        ? "the pod of the recovery was removed before the operator had read its log; run the drill again"
        : "the log of the recovery names no commit; run the drill again";
  }

  private static Optional<String> missed(
      String name, @Nullable String limit, @Nullable JsonElement seconds, String notMeasured) {
    var most = Optional.ofNullable(limit).flatMap(TimeSpan::parse);
    if (most.isEmpty()) {
      return Optional.empty();
    }
    if (!(seconds instanceof JsonPrimitive measured)) {
      return Optional.of(
          "the restore worked, but its %s could not be measured, so that the objective %s is not proved: %s"
              .formatted(name, limit, notMeasured));
    }
    return measured.getAsLong() <= most.get().toSeconds()
        ? Optional.empty()
        : Optional.of(
            "the restore worked, but the measured %s is %d seconds and the objective %s; see status.seconds of the run for the steps, or correct spec.objectives"
                .formatted(name, measured.getAsLong(), limit));
  }

  private static String words(
      RunDraft draft, List<RestoreDrillSpec.Check> checks, CheckReport.@Nullable PageAnswer pages) {
    return "backup %s of repository %s was restored in %s seconds; %d checks were true%s%s"
        .formatted(
            draft.restored("backup").map("'%s'"::formatted).orElse("(unknown)"),
            draft.restored("repository").orElse("(unknown)"),
            draft.between("created", "ready").map(Object::toString).orElse("an unknown number of"),
            checks.size(),
            pages == null ? "" : "; %d blocks were read".formatted(pages.read()),
            draft
                .restored("lastCommitTime")
                .map("; the last commit is of %s"::formatted)
                .orElse(""));
  }
}
