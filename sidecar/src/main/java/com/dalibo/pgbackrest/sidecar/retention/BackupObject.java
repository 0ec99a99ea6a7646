package com.dalibo.pgbackrest.sidecar.retention;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.HashMap;
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
    var metadata = object(json, "metadata");
    var status = object(json, "status");
    return new BackupObject(
        text(metadata, "name"),
        text(metadata, "uid"),
        text(metadata, "resourceVersion"),
        metadata.has("deletionTimestamp"),
        metadata.get("finalizers") instanceof JsonArray finalizers
            ? finalizers.asList().stream().map(JsonElement::getAsString).toList()
            : List.of(),
        text(object(object(json, "spec"), "cluster"), "name"),
        text(status, "phase"),
        text(status, "backupId"),
        texts(object(status, "pluginMetadata")));
  }

  String remembered(String key) {
    return metadata.getOrDefault(key, "");
  }

  private static Map<String, String> texts(JsonObject json) {
    var texts = new HashMap<String, String>();
    json.keySet().forEach(key -> texts.put(key, text(json, key)));
    return texts;
  }

  private static JsonObject object(JsonObject json, String name) {
    return json.get(name) instanceof JsonObject object ? object : new JsonObject();
  }

  private static String text(JsonObject json, String name) {
    JsonElement value = json.get(name);
    return value instanceof JsonPrimitive primitive ? primitive.getAsString() : "";
  }
}
