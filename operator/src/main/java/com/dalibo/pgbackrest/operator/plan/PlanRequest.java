package com.dalibo.pgbackrest.operator.plan;

import com.dalibo.pgbackrest.operator.job.JobName;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.plan.RestorePlan;
import com.dalibo.pgbackrest.stanza.api.plan.RestorePlanStatus;
import com.dalibo.pgbackrest.stanza.api.reason.ConditionType;
import com.dalibo.pgbackrest.stanza.api.reason.PlanReason;
import com.dalibo.pgbackrest.stanza.api.reason.StanzaReason;
import com.dalibo.pgbackrest.stanza.api.status.StanzaCondition;
import com.dalibo.pgbackrest.stanza.api.status.StatusTime;
import com.dalibo.pgbackrest.stanza.contract.Fingerprint;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// What is to be planned: a RestorePlan as it is now, and the Stanza that it names. The status
/// keeps the fingerprint of what it was made for.
///
/// @param fingerprint another one means that something has changed, or that a user asks
record PlanRequest(RestorePlan plan, String fingerprint) {

  /// After a plan that came to no answer.
  private static final Duration RETRY = Duration.ofMinutes(15);

  private static final Set<String> WITHOUT_ANSWER =
      Set.of(
          PlanReason.PLAN_FAILED.word(),
          PlanReason.PLAN_REFUSED.word(),
          PlanReason.PLAN_WAITS.word(),
          StanzaReason.REPOSITORY_UNREACHABLE.word());

  /// @param stanza if it is there
  static PlanRequest of(RestorePlan plan, Optional<Stanza> stanza) {
    var about =
        List.of(
            Objects.toString(plan.metadata().uid()),
            Objects.toString(plan.metadata().generation()),
            plan.metadata().annotation(RestorePlan.AGAIN).orElse(""),
            stanza.map(it -> Objects.toString(it.metadata().uid())).orElse(""),
            stanza.map(it -> Objects.toString(it.metadata().generation())).orElse(""));
    return new PlanRequest(plan, Fingerprint.of(about.toString()));
  }

  boolean isDue(Instant now) {
    var status = plan.status();
    if (status == null || !fingerprint.equals(status.request())) {
      return true;
    }
    return StatusTime.parse(status.plannedTime())
        .filter(time -> isAnswered(status) || now.isBefore(time.plus(RETRY)))
        .isEmpty();
  }

  private static boolean isAnswered(RestorePlanStatus status) {
    return Objects.requireNonNullElse(status.conditions(), List.<StanzaCondition>of()).stream()
        .filter(condition -> condition.is(ConditionType.POSSIBLE))
        .noneMatch(condition -> WITHOUT_ANSWER.contains(condition.reason()));
  }

  /// The same in each replica as long as the last plan is the same, and another one then.
  String jobName() {
    var last = Optional.ofNullable(plan.status()).map(RestorePlanStatus::plannedTime).orElse("");
    return JobName.of(".plan-", plan.name(), fingerprint + last);
  }
}
