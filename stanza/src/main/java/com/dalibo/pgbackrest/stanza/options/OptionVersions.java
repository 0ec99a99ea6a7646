package com.dalibo.pgbackrest.stanza.options;

import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.reason.StanzaReason;
import java.util.List;
import java.util.Map;

/// The options in `options` and `customEnvVar` of a Stanza that the oldest supported pgBackRest
/// does not have. Told to an older one they would be a warning in its log and no more.
///
/// Fields of the API need none: what they set is in 2.58.
public final class OptionVersions {
  /// First release, as `pgbackrest version --output=num` has it, by the documented name.
  public static final Map<String, Integer> SINCE =
      Map.of(
          "archive-push-batch-size", 2_059_000,
          "repo-s3-service", 2_059_000,
          "repo-s3-sts-host", 2_059_000,
          "checksum-page-error", 2_060_000,
          "repo-storage-prefetch", 2_060_000,
          "repo-storage-read-over", 2_060_000);

  private OptionVersions() {}

  /// Whether it matters to this Stanza which pgBackRest is installed.
  public static boolean isAnyIn(Stanza stanza) {
    return UserOptions.accepted(stanza).stream()
        .anyMatch(asked -> SINCE.containsKey(asked.documented()));
  }

  /// Those that the installed pgBackRest lacks.
  public static List<Problem> problems(Stanza stanza, int installed) {
    return UserOptions.accepted(stanza).stream()
        .filter(asked -> SINCE.getOrDefault(asked.documented(), 0) > installed)
        .map(
            asked ->
                new Problem(
                    StanzaReason.PGBACKREST_TOO_OLD,
                    "%s of the Stanza '%s' needs pgBackRest %s, and %s is installed; use an image of the sidecar with a newer pgBackRest, or remove it"
                        .formatted(
                            asked.where(),
                            stanza.name(),
                            release(SINCE.getOrDefault(asked.documented(), 0)),
                            version(installed))))
        .toList();
  }

  /// 2059000 is `2.59`
  public static String release(int number) {
    return "%d.%d".formatted(number / 1_000_000, number / 1_000 % 1_000);
  }

  /// 2060001 is `2.60.1`, 2060000 is `2.60.0`
  public static String version(int number) {
    return "%s.%d".formatted(release(number), number % 1_000);
  }
}
