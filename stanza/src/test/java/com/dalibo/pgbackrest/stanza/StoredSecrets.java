package com.dalibo.pgbackrest.stanza;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.dalibo.pgbackrest.stanza.rendering.SecretReader;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Secrets and ConfigMaps out of a YAML file.
public final class StoredSecrets implements SecretReader {
  private final Map<String, Map<String, byte[]>> objects = new HashMap<>();

  public static StoredSecrets of(Path file) {
    return of(Documents.all(file));
  }

  public static StoredSecrets of(List<JsonObject> documents) {
    var secrets = new StoredSecrets();
    for (var document : documents) {
      var data = new HashMap<String, byte[]>();
      var field = document.has("stringData") ? "stringData" : "data";
      document
          .getAsJsonObject(field)
          .asMap()
          .forEach((key, value) -> data.put(key, value.getAsString().getBytes(UTF_8)));
      var name = document.getAsJsonObject("metadata").get("name").getAsString();
      secrets.objects.put(document.get("kind").getAsString() + "/" + name, data);
    }
    return secrets;
  }

  @Override
  public Optional<Map<String, byte[]>> secret(String namespace, String name) {
    return Optional.ofNullable(objects.get("Secret/" + name));
  }

  @Override
  public Optional<Map<String, byte[]>> configMap(String namespace, String name) {
    return Optional.ofNullable(objects.get("ConfigMap/" + name));
  }
}
