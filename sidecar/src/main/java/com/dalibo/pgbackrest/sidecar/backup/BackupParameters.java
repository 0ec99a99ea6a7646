package com.dalibo.pgbackrest.sidecar.backup;

import com.dalibo.pgbackrest.info.BackupType;
import com.dalibo.pgbackrest.stanza.api.TimeSpan;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// What a Backup asks for in `spec.pluginConfiguration.parameters`; absent means pgBackRest
/// decides.
public record BackupParameters(
    BackupType type, Optional<String> selectedRepository, Optional<Duration> timeout) {
  private static final TreeSet<String> KNOWN =
      new TreeSet<>(List.of("backupType", "selectedRepository", "timeout"));

  public static BackupParameters of(Map<String, String> parameters) {
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

  /// A number alone is seconds.
  private static Duration duration(String value) {
    return TimeSpan.parse(value.matches("\\d+") ? value + "s" : value)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "parameter 'timeout' is '"
                        + value
                        + "'; write a duration such as 90m, 2h30m or 3600s"));
  }
}
