package com.dalibo.pgbackrest.sidecar.retention;

import com.dalibo.pgbackrest.cnpgi.object.JsonTree;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;

/// A `Backup` of CNPG as the API server has it: what it stands for, as far as that is ours to
/// judge. Text that is not there is empty.
///
/// @param phase of CNPG, such as `completed`
/// @param label of the backup in pgBackRest: `status.backupId`
/// @param metadata `status.pluginMetadata`, written by [BackupMetadata]
public record BackupObject(
    String name,
    String uid,
    String resourceVersion,
    boolean beingDeleted,
    List<String> finalizers,
    String cluster,
    String phase,
    String label,
    Map<String, String> metadata) {
  public BackupObject {
    finalizers = List.copyOf(finalizers);
    metadata = Map.copyOf(metadata);
  }

  public static BackupObject of(JsonObject json) {
    return of(JsonTree.of("Backup", json));
  }

  static BackupObject of(JsonTree backup) {
    var metadata = backup.get("metadata");
    var status = backup.get("status");
    return new BackupObject(
        text(metadata.get("name")),
        text(metadata.get("uid")),
        text(metadata.get("resourceVersion")),
        metadata.get("deletionTimestamp").present(),
        metadata.get("finalizers").items().stream().map(BackupObject::text).toList(),
        text(backup.get("spec").get("cluster").get("name")),
        text(status.get("phase")),
        text(status.get("backupId")),
        status.get("pluginMetadata").texts());
  }

  String remembered(String key) {
    return metadata.getOrDefault(key, "");
  }

  private static String text(JsonTree value) {
    return value.text().orElse("");
  }
}
