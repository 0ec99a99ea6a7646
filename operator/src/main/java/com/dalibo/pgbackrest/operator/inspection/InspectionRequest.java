package com.dalibo.pgbackrest.operator.inspection;

import com.dalibo.pgbackrest.cnpgi.Plugin;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.status.ConditionType;
import com.dalibo.pgbackrest.stanza.api.status.InspectionStatus;
import com.dalibo.pgbackrest.stanza.api.status.StanzaStatus;
import com.dalibo.pgbackrest.stanza.api.status.StatusTime;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/// What is to be inspected: a Stanza as it is now, with its Secrets. The status keeps the
/// fingerprint of the last one, so that nothing has to be remembered here.
///
/// @param fingerprint another one means that something has changed, or that a user asks
record InspectionRequest(Stanza stanza, String fingerprint) {

  /// Each new value asks for an inspection at once.
  static final String INSPECT = Plugin.NAME + "/inspect";

  /// Names a ServiceAccount whose pods have an identity in the cloud.
  static final String SERVICE_ACCOUNT = Plugin.NAME + "/inspect-service-account";

  private static final Duration PERIOD = Duration.ofHours(6);

  /// After one that found no answer.
  private static final Duration RETRY = Duration.ofMinutes(15);

  /// With it the name of a Job, and so a label of its pods, has 63 characters.
  private static final int LONGEST = 30;

  /// @param versions of the Secrets and ConfigMaps that the Stanza names
  static InspectionRequest of(Stanza stanza, List<String> versions) {
    var about =
        List.of(
            Objects.toString(stanza.metadata().uid()),
            Objects.toString(stanza.metadata().generation()),
            versions.toString(),
            stanza.metadata().annotation(INSPECT).orElse(""),
            stanza.metadata().annotation(SERVICE_ACCOUNT).orElse(""));
    return new InspectionRequest(stanza, digest(about.toString()));
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
    var name = stanza.name();
    var cut = name.substring(0, Math.min(name.length(), LONGEST)).toLowerCase(Locale.ROOT);
    return "%s-%s-%s"
        .formatted(
            Plugin.NAME,
            cut.replaceFirst("[^a-z0-9]+$", ""),
            digest(fingerprint + last().map(InspectionStatus::time).orElse("")).substring(0, 10));
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

  private static String digest(String text) {
    try {
      var digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }
}
