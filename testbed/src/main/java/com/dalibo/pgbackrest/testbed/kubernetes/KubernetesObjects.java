package com.dalibo.pgbackrest.testbed.kubernetes;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The objects of the API stand-in, with the bookkeeping a real API server does: uid, generation,
/// resource version, status apart from spec.
public final class KubernetesObjects {
  /// Where an object is: `apis/pgbackrest.dalibo.com/v1`, `default`, `stanzas`, `main`.
  record ObjectKey(String api, String namespace, String resource, String name)
      implements Comparable<ObjectKey> {
    @Override
    public int compareTo(ObjectKey other) {
      return toString().compareTo(other.toString());
    }

    boolean isIn(ObjectKey collection) {
      return api.equals(collection.api)
          && (namespace.equals(collection.namespace) || collection.namespace.isEmpty())
          && resource.equals(collection.resource);
    }
  }

  /// Which part of an object a write is for.
  enum Part {
    OBJECT,
    STATUS
  }

  private final Map<ObjectKey, JsonObject> objects = new TreeMap<>();
  private long version = 1;
  private InstantSource clock = Clock.systemUTC();

  synchronized void setClock(InstantSource clock) {
    this.clock = clock;
  }

  synchronized Optional<JsonObject> get(ObjectKey key) {
    return Optional.ofNullable(objects.get(key)).map(JsonObject::deepCopy);
  }

  synchronized List<JsonObject> list(ObjectKey collection) {
    return objects.entrySet().stream()
        .filter(entry -> entry.getKey().isIn(collection))
        .map(entry -> entry.getValue().deepCopy())
        .toList();
  }

  synchronized List<JsonObject> listEverywhere(String resource) {
    return objects.entrySet().stream()
        .filter(entry -> entry.getKey().resource().equals(resource))
        .map(entry -> entry.getValue().deepCopy())
        .toList();
  }

  synchronized JsonObject create(ObjectKey key, JsonObject given) {
    JsonObject object = given.deepCopy();
    JsonObject metadata = metadata(object);
    metadata.addProperty("name", key.name());
    metadata.addProperty("namespace", key.namespace());
    if (!metadata.has("uid")) {
      metadata.addProperty("uid", UUID.randomUUID().toString());
    }
    if (!metadata.has("creationTimestamp")) {
      metadata.addProperty(
          "creationTimestamp", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
    }
    if (!metadata.has("generation")) {
      metadata.addProperty("generation", 1);
    }
    encodeStringData(object);
    return store(key, object);
  }

  synchronized JsonObject merge(ObjectKey key, JsonObject patch, Part part) {
    JsonObject before = objects.get(key);
    if (before == null) {
      throw new IllegalArgumentException("no object " + key);
    }
    JsonObject allowed = patch.deepCopy();
    if (part == Part.STATUS) {
      allowed.remove("spec");
    } else if (hasStatusSubresource(key)) {
      allowed.remove("status");
    }
    JsonObject after = before.deepCopy();
    mergeInto(after, allowed);
    encodeStringData(after);
    if (!String.valueOf(before.get("spec")).equals(String.valueOf(after.get("spec")))) {
      long generation = metadata(before).get("generation").getAsLong();
      metadata(after).addProperty("generation", generation + 1);
    }
    if (metadata(after).has("deletionTimestamp") && !hasFinalizers(after)) {
      objects.remove(key);
      return after;
    }
    return store(key, after);
  }

  /// An object with finalizers stays, marked as being deleted, until a write takes the last of them
  /// away.
  synchronized Optional<JsonObject> remove(ObjectKey key) {
    JsonObject object = objects.get(key);
    if (object != null && hasFinalizers(object)) {
      metadata(object).addProperty("deletionTimestamp", Instant.now().toString());
      return Optional.of(store(key, object));
    }
    return Optional.ofNullable(objects.remove(key));
  }

  private static boolean hasFinalizers(JsonObject object) {
    return metadata(object).has("finalizers")
        && !metadata(object).getAsJsonArray("finalizers").isEmpty();
  }

  private JsonObject store(ObjectKey key, JsonObject object) {
    metadata(object).addProperty("resourceVersion", "" + ++version);
    objects.put(key, object);
    return object.deepCopy();
  }

  private static boolean hasStatusSubresource(ObjectKey key) {
    return key.api().contains(".");
  }

  public static JsonObject metadata(JsonObject object) {
    if (!object.has("metadata")) {
      object.add("metadata", new JsonObject());
    }
    return object.getAsJsonObject("metadata");
  }

  /// JSON Merge Patch, RFC 7386.
  private static void mergeInto(JsonObject target, JsonObject patch) {
    for (Map.Entry<String, JsonElement> entry : patch.entrySet()) {
      JsonElement value = entry.getValue();
      @Nullable JsonElement old = target.get(entry.getKey());
      if (value.isJsonNull()) {
        target.remove(entry.getKey());
      } else if (value.isJsonObject()) {
        JsonObject merged =
            old != null && old.isJsonObject() ? old.getAsJsonObject() : new JsonObject();
        mergeInto(merged, value.getAsJsonObject());
        target.add(entry.getKey(), merged);
      } else {
        target.add(entry.getKey(), value);
      }
    }
  }

  private static void encodeStringData(JsonObject object) {
    @Nullable JsonElement plain = object.remove("stringData");
    if (plain == null) {
      return;
    }
    JsonObject data = object.has("data") ? object.getAsJsonObject("data") : new JsonObject();
    plain
        .getAsJsonObject()
        .entrySet()
        .forEach(
            entry ->
                data.addProperty(
                    entry.getKey(),
                    Base64.getEncoder()
                        .encodeToString(
                            entry.getValue().getAsString().getBytes(StandardCharsets.UTF_8))));
    object.add("data", data);
  }
}
