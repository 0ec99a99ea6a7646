package com.dalibo.pgbackrest.info;

import com.dalibo.pgbackrest.postgres.Lsn;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Reads the JSON of `pgbackrest info`.
public final class InfoJson {
  private InfoJson() {}

  static StanzaInfo stanza(JsonObject json) {
    var status = json.getAsJsonObject("status");
    return new StanzaInfo(
        json.get("name").getAsString(),
        StatusCode.of(status.get("code").getAsInt()),
        status.get("message").getAsString(),
        backupLock(status),
        list(json, "repo", InfoJson::repository),
        list(json, "db", InfoJson::database),
        list(json, "archive", InfoJson::archive),
        list(json, "backup", InfoJson::backup));
  }

  /// From the answer for one backup, the only one that has them.
  public static List<String> tablespaces(String json) {
    return JsonParser.parseString(json).getAsJsonArray().asList().stream()
        .flatMap(stanza -> stanza.getAsJsonObject().getAsJsonArray("backup").asList().stream())
        .map(backup -> backup.getAsJsonObject().get("tablespace"))
        .filter(tablespaces -> tablespaces != null && tablespaces.isJsonArray())
        .flatMap(tablespaces -> tablespaces.getAsJsonArray().asList().stream())
        .map(tablespace -> tablespace.getAsJsonObject().get("name").getAsString())
        .toList();
  }

  private static BackupLock backupLock(JsonObject status) {
    var lock = objectOrEmpty(objectOrEmpty(status, "lock"), "backup");
    if (!lock.has("held") || !lock.get("held").getAsBoolean()) {
      return BackupLock.FREE;
    }
    return new BackupLock(
        true,
        lock.has("repo") ? list(lock, "repo", InfoJson::progress) : List.<BackupLock.Progress>of());
  }

  private static BackupLock.Progress progress(JsonObject json) {
    return new BackupLock.Progress(
        json.get("key").getAsInt(),
        number(json.get("size")).orElse(0),
        number(json.get("size-cplt")).orElse(0));
  }

  private static RepositoryInfo repository(JsonObject json) {
    var status = json.getAsJsonObject("status");
    return new RepositoryInfo(
        json.get("key").getAsInt(),
        json.get("cipher").getAsString(),
        StatusCode.of(status.get("code").getAsInt()),
        status.get("message").getAsString());
  }

  private static DatabaseInfo database(JsonObject json) {
    return new DatabaseInfo(
        json.get("id").getAsInt(),
        json.get("repo-key").getAsInt(),
        json.get("system-id").getAsLong(),
        json.get("version").getAsString());
  }

  private static ArchiveInfo archive(JsonObject json) {
    var database = json.getAsJsonObject("database");
    return new ArchiveInfo(
        json.get("id").getAsString(),
        database.get("repo-key").getAsInt(),
        database.get("id").getAsInt(),
        text(json.get("min")),
        text(json.get("max")));
  }

  private static BackupInfo backup(JsonObject json) {
    var database = json.getAsJsonObject("database");
    var archive = objectOrEmpty(json, "archive");
    var lsn = objectOrEmpty(json, "lsn");
    var timestamp = json.getAsJsonObject("timestamp");
    var size = json.getAsJsonObject("info");
    var repository = objectOrEmpty(size, "repository");
    var label = json.get("label").getAsString();
    return new BackupInfo(
        label,
        BackupType.of(json.get("type").getAsString()).orElseThrow(),
        database.get("repo-key").getAsInt(),
        database.get("id").getAsInt(),
        text(json.get("prior")),
        references(json.get("reference")),
        text(archive.get("start")),
        text(archive.get("stop")),
        lsn(lsn.get("start")),
        lsn(lsn.get("stop")),
        Instant.ofEpochSecond(timestamp.get("start").getAsLong()),
        Instant.ofEpochSecond(timestamp.get("stop").getAsLong()),
        size.get("size").getAsLong(),
        size.get("delta").getAsLong(),
        number(repository.get("size")),
        number(repository.get("delta")),
        json.has("error")
            && json.get("error").isJsonPrimitive()
            && json.get("error").getAsBoolean(),
        annotations(json));
  }

  private static List<String> references(@Nullable JsonElement json) {
    return json == null || json.isJsonNull()
        ? List.of()
        : json.getAsJsonArray().asList().stream().map(JsonElement::getAsString).toList();
  }

  private static Map<String, String> annotations(JsonObject json) {
    return objectOrEmpty(json, "annotation").entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().getAsString()));
  }

  private static JsonObject objectOrEmpty(JsonObject json, String name) {
    var value = json.get(name);
    return value != null && value.isJsonObject() ? value.getAsJsonObject() : new JsonObject();
  }

  private static @Nullable String text(@Nullable JsonElement json) {
    return json == null || json.isJsonNull() ? null : json.getAsString();
  }

  private static @Nullable Lsn lsn(@Nullable JsonElement json) {
    var text = text(json);
    return text == null ? null : Lsn.parse(text);
  }

  private static OptionalLong number(@Nullable JsonElement json) {
    return json == null || json.isJsonNull()
        ? OptionalLong.empty()
        : OptionalLong.of(json.getAsLong());
  }

  private static <T> List<T> list(JsonObject json, String name, Function<JsonObject, T> element) {
    return json.getAsJsonArray(name).asList().stream()
        .map(value -> element.apply(value.getAsJsonObject()))
        .toList();
  }
}
