package com.dalibo.pgbackrest.sidecar.backup;

import com.dalibo.pgbackrest.info.BackupType;
import com.dalibo.pgbackrest.stanza.api.TimeSpan;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a Backup asks for in `spec.pluginConfiguration.parameters`; absent means pgBackRest
/// decides.
public record BackupParameters(
    BackupType type, Optional<String> selectedRepository, Optional<Duration> timeout) {
  private static final TreeSet<String> KNOWN =
      new TreeSet<>(List.of("backupType", "selectedRepository", "timeout"));

  /// Those that the Go plugin took from the Cluster and ignored here.
  private static final Set<String> OF_THE_CLUSTER = Set.of("stanzaRef", "pluginConfigRef");

  /// What the Backup asks for, where it agrees with its Cluster.
  ///
  /// @param ofTheCluster what the Cluster tells the plugin
  public static BackupParameters of(
      Map<String, String> parameters, Map<String, String> ofTheCluster) {
    var requested = new TreeMap<>(parameters);
    for (var name : OF_THE_CLUSTER) {
      var value = requested.remove(name);
      if (value != null && !value.strip().equals(ofTheCluster.getOrDefault(name, "").strip())) {
        throw new IllegalArgumentException(
            "parameter '%s' of the Backup is '%s', but that of its Cluster is '%s', which applies: remove it from spec.pluginConfiguration.parameters"
                .formatted(name, value, ofTheCluster.getOrDefault(name, "")));
      }
    }
    return of(requested);
  }

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
