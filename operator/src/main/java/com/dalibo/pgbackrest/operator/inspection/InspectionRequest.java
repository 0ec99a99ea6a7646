package com.dalibo.pgbackrest.operator.inspection;

import com.dalibo.pgbackrest.cnpgi.Plugin;
import com.dalibo.pgbackrest.operator.job.JobName;
import com.dalibo.pgbackrest.operator.job.SidecarJobs;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.reason.ConditionType;
import com.dalibo.pgbackrest.stanza.api.status.InspectionStatus;
import com.dalibo.pgbackrest.stanza.api.status.StanzaStatus;
import com.dalibo.pgbackrest.stanza.api.status.StatusTime;
import com.dalibo.pgbackrest.stanza.contract.Fingerprint;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// What is to be inspected: a Stanza as it is now, with its Secrets. The status keeps the
/// fingerprint of the last one, so that nothing has to be remembered here.
///
/// @param fingerprint another one means that something has changed, or that a user asks
record InspectionRequest(Stanza stanza, String fingerprint) {

  /// Each new value asks for an inspection at once.
  static final String INSPECT = Plugin.NAME + "/inspect";

  private static final Duration PERIOD = Duration.ofHours(6);

  /// After one that found no answer.
  private static final Duration RETRY = Duration.ofMinutes(15);

  /// @param versions of the Secrets and ConfigMaps that the Stanza names
  static InspectionRequest of(Stanza stanza, List<String> versions) {
    var about =
        List.of(
            Objects.toString(stanza.metadata().uid()),
            Objects.toString(stanza.metadata().generation()),
            versions.toString(),
            stanza.metadata().annotation(INSPECT).orElse(""),
            stanza.metadata().annotation(SidecarJobs.SERVICE_ACCOUNT).orElse(""));
    return new InspectionRequest(stanza, Fingerprint.of(about.toString()));
  }

  boolean isDue(Instant now) {
    var last = last();
    return last.filter(inspection -> fingerprint.equals(inspection.request()))
        .flatMap(inspection -> StatusTime.parse(inspection.time()))
        .filter(time -> now.isBefore(time.plus(isAnswered() ? PERIOD : RETRY)))
        .isEmpty();
  }

  /// The same in each replica as long as the last inspection is the same, and another one then.
  String jobName() {
    return JobName.of(
        "-", stanza.name(), fingerprint + last().map(InspectionStatus::time).orElse(""));
  }

  private Optional<InspectionStatus> last() {
    return Optional.ofNullable(stanza.status()).map(StanzaStatus::inspection);
  }

  private boolean isAnswered() {
    var conditions =
        Optional.ofNullable(stanza.status()).map(StanzaStatus::conditions).orElse(List.of());
    return conditions.stream()
        .filter(
            condition ->
                condition.is(ConditionType.INSPECTED)
                    || condition.is(ConditionType.REPOSITORIES_REACHABLE))
        .noneMatch(condition -> condition.status().equals("False"));
  }
}
