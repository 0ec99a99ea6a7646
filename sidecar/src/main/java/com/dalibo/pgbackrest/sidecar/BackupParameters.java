package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.program.BackupType;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// What a Backup asks for in `spec.pluginConfiguration.parameters`; absent means pgBackRest
/// decides.
record BackupParameters(
    BackupType type, Optional<String> selectedRepository, Optional<Duration> timeout) {
  private static final TreeSet<String> KNOWN =
      new TreeSet<>(List.of("backupType", "selectedRepository", "timeout"));

  static BackupParameters of(Map<String, String> parameters) {
    for (var name : new TreeSet<>(parameters.keySet())) {
      if (!KNOWN.contains(name)) {
        throw new IllegalArgumentException(
            "unknown parameter '"
                + name
                + "' of the Backup; known are "
                + String.join(", ", KNOWN)
                + ": correct spec.pluginConfiguration.parameters");
      }
    }
    return new BackupParameters(
        given(parameters, "backupType").map(BackupParameters::type).orElse(BackupType.INCR),
        given(parameters, "selectedRepository"),
        given(parameters, "timeout").map(BackupParameters::duration));
  }

  private static Optional<String> given(Map<String, String> parameters, String name) {
    return Optional.ofNullable(parameters.get(name)).map(String::strip).filter(v -> !v.isEmpty());
  }

  private static BackupType type(String value) {
    return BackupType.of(value)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "parameter 'backupType' is '" + value + "'; write one of full, diff, incr"));
  }

  private static final Pattern DURATION = Pattern.compile("(\\d+h)?(\\d+m)?(\\d+s)?");

  private static Duration duration(String value) {
    try {
      if (value.matches("\\d+")) {
        return positive(Duration.ofSeconds(Long.parseLong(value)), value);
      }
      if (DURATION.matcher(value).matches()) {
        return positive(Duration.parse("PT" + value.toUpperCase(Locale.ROOT)), value);
      }
    } catch (DateTimeParseException | ArithmeticException | NumberFormatException _) {
      // said below
    }
    throw notADuration(value);
  }

  private static Duration positive(Duration duration, String value) {
    if (duration.isPositive()) {
      return duration;
    }
    throw notADuration(value);
  }

  private static IllegalArgumentException notADuration(String value) {
    return new IllegalArgumentException(
        "parameter 'timeout' is '" + value + "'; write a duration such as 90m, 2h30m or 3600s");
  }
}
