package com.dalibo.pgbackrest.sidecar.plan;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.sidecar.failure.FailureWords;
import com.dalibo.pgbackrest.sidecar.failure.RepositoriesException;
import com.dalibo.pgbackrest.sidecar.kubernetes.KubernetesException;
import com.dalibo.pgbackrest.sidecar.kubernetes.RestorePlanClient;
import com.dalibo.pgbackrest.sidecar.kubernetes.StanzaClient;
import com.dalibo.pgbackrest.sidecar.session.StanzaOpener;
import com.dalibo.pgbackrest.sidecar.settings.SidecarSettings;
import com.dalibo.pgbackrest.stanza.api.ApiWriter;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.plan.RestorePlan;
import com.dalibo.pgbackrest.stanza.api.plan.RestorePlanStatus;
import com.dalibo.pgbackrest.stanza.api.reason.ClusterReason;
import com.dalibo.pgbackrest.stanza.api.reason.ConditionType;
import com.dalibo.pgbackrest.stanza.api.reason.PlanReason;
import com.dalibo.pgbackrest.stanza.api.reason.Reason;
import com.dalibo.pgbackrest.stanza.api.reason.StanzaReason;
import com.dalibo.pgbackrest.stanza.api.status.StanzaCondition;
import com.dalibo.pgbackrest.stanza.rendering.ForbiddenException;
import com.dalibo.pgbackrest.stanza.rendering.UnavailableException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// Makes one plan, once, and writes it into its object. Nothing is written into a repository, so it
/// may run beside an owner.
public final class RestorePlanning {
  private static final int ATTEMPTS = 3;
  private static final Log log = Log.named("plan");

  private final SidecarSettings settings;
  private final RestorePlanClient plans;
  private final StanzaClient stanzas;
  private final StanzaOpener opener;
  private final Duration pause;

  /// @param pause between two tries
  public RestorePlanning(
      SidecarSettings settings,
      RestorePlanClient plans,
      StanzaClient stanzas,
      StanzaOpener opener,
      Duration pause) {
    this.settings = settings;
    this.plans = plans;
    this.stanzas = stanzas;
    this.opener = opener;
    this.pause = pause;
  }

  /// Ends when the plan is written, or has changed meanwhile, so that the operator has it made
  /// again.
  public void run() throws Exception {
    var first = plans.get(settings.namespace(), settings.planName());
    if (first.isEmpty()) {
      log.info("the RestorePlan is gone; nothing is planned", "plan", settings.planName());
      return;
    }
    var answer = answer(first.get());
    for (var attempt = 1; ; attempt++) {
      var now = plans.get(settings.namespace(), settings.planName());
      if (now.isEmpty()
          || !Objects.equals(now.get().metadata().generation(), first.get().metadata().generation())
          || !Objects.equals(now.get().metadata().uid(), first.get().metadata().uid())) {
        log.info("the RestorePlan has changed; nothing is written", "plan", settings.planName());
        return;
      }
      try {
        plans.patchStatus(now.get(), ApiWriter.mergePatch(status(now.get(), answer)));
        return;
      } catch (KubernetesException refusal) {
        if (!refusal.conflict() || attempt >= ATTEMPTS) {
          throw refusal;
        }
        Thread.sleep(pause);
      }
    }
  }

  private PlanAnswer answer(RestorePlan plan)
      throws KubernetesException, IOException, InterruptedException {
    for (var attempt = 1; ; attempt++) {
      Exception failure;
      boolean mayPass;
      try {
        var stanza = stanzas.get(plan.namespace(), plan.spec().stanzaRef());
        return new Planner(
                plan,
                settings.planImage(),
                opener.openAlone(stanza),
                settings.pgData(),
                settings.workDirectory().resolve("plan"))
            .answer();
      } catch (InvalidStanzaException invalid) {
        return PlanAnswer.only(
            Verdict.missed(reason(invalid), String.valueOf(invalid.getMessage())));
      } catch (RepositoriesException trouble) {
        failure = trouble;
        mayPass = trouble.mayPass();
      } catch (PgBackRestException trouble) {
        failure = trouble;
        mayPass = trouble.isTransient();
      } catch (ForbiddenException | UnavailableException trouble) {
        failure = trouble;
        mayPass = true;
      }
      log.warning("the plan failed", "attempt", attempt, "cause", failure.getMessage());
      if (!mayPass || attempt >= ATTEMPTS) {
        return PlanAnswer.only(
            Verdict.unknown(
                failure instanceof RepositoriesException || failure instanceof PgBackRestException
                    ? StanzaReason.REPOSITORY_UNREACHABLE
                    : PlanReason.PLAN_FAILED,
                FailureWords.of(failure)));
      }
      Thread.sleep(pause);
    }
  }

  private static Reason reason(InvalidStanzaException invalid) {
    return invalid.problems().getFirst().reason() == ClusterReason.STANZA_NOT_FOUND
        ? ClusterReason.STANZA_MISSING
        : PlanReason.STANZA_INVALID;
  }

  private RestorePlanStatus status(RestorePlan plan, PlanAnswer answer) {
    var content = answer.content();
    var now = Planner.now();
    return new RestorePlanStatus(
        plan.metadata().generation(),
        settings.inspectionRequest(),
        now,
        List.of(condition(plan, answer.verdict(), now)),
        content.backup(),
        content.wal(),
        content.timelines(),
        content.ends(),
        content.bytes(),
        content.volumes(),
        content.duration(),
        content.nearest(),
        content.manifest());
  }

  private static StanzaCondition condition(RestorePlan plan, Verdict verdict, String now) {
    var since =
        Optional.ofNullable(plan.status())
            .map(RestorePlanStatus::conditions)
            .orElse(List.of())
            .stream()
            .filter(before -> before.is(ConditionType.POSSIBLE))
            .filter(before -> before.status().equals(verdict.answer()))
            .map(StanzaCondition::lastTransitionTime)
            .filter(Objects::nonNull)
            .findFirst();
    return new StanzaCondition(
        ConditionType.POSSIBLE.word(),
        verdict.answer(),
        plan.metadata().generation(),
        since.orElse(now),
        verdict.reason().word(),
        verdict.message());
  }
}
