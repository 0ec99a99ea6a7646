package com.dalibo.pgbackrest.e2e;

import java.util.Locale;

/// Where the API server has the objects of a kind.
final class Kind {
  private Kind() {}

  /// `v1`, or group and version
  static String apiVersion(String kind) {
    return switch (kind) {
      case "Cluster", "Backup", "ScheduledBackup" -> "postgresql.cnpg.io/v1";
      case "Stanza", "PluginConfig", "RestorePlan", "RestoreDrill", "RestoreDrillRun" ->
          "pgbackrest.dalibo.com/v1";
      case "Role", "RoleBinding" -> "rbac.authorization.k8s.io/v1";
      case "Job" -> "batch/v1";
      case "VolumeSnapshot" -> "snapshot.storage.k8s.io/v1";
      default -> "v1";
    };
  }

  /// The path of an object, or with an empty name of all of that kind.
  static String path(String kind, String namespace, String name) {
    var version = apiVersion(kind);
    return "/%s/%s/namespaces/%s/%ss%s"
        .formatted(
            version.contains("/") ? "apis" : "api",
            version,
            namespace,
            kind.toLowerCase(Locale.ROOT),
            name.isEmpty() ? "" : "/" + name);
  }
}
