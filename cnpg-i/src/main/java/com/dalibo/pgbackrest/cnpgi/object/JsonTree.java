package com.dalibo.pgbackrest.cnpgi.object;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// One place in a Kubernetes object, and the way to read objects that are not ours. Absent and null
/// are the same; a value of another type than the one asked for is refused with its place.
public record JsonTree(JsonElement element, String object, String path) {

  /// The whole of an object of the given kind.
  static JsonTree parse(String kind, byte[] json) {
    JsonElement element;
    try {
      element = JsonParser.parseString(new String(json, UTF_8));
    } catch (JsonParseException e) {
      throw new IllegalArgumentException(
          "%s in the request is not JSON: %s; call with the JSON of the object"
              .formatted(kind, firstLine(e)),
          e);
    }
    if (!(element instanceof JsonObject)) {
      throw new IllegalArgumentException(
          "%s in the request is not a JSON object; call with the JSON of the object"
              .formatted(kind));
    }
    return new JsonTree(element, kind, "");
  }

  /// The whole of an object that the API server answered with.
  public static JsonTree of(String kind, JsonObject object) {
    return new JsonTree(object, kind, "");
  }

  public JsonTree get(String name) {
    if (absent()) {
      return at(JsonNull.INSTANCE, name);
    }
    if (!(element instanceof JsonObject fields)) {
      throw refused("an object");
    }
    JsonElement field = fields.get(name);
    return at(field == null ? JsonNull.INSTANCE : field, name);
  }

  /// The same place without the fields of other names.
  JsonTree only(String... names) {
    if (!(element instanceof JsonObject fields)) {
      return this;
    }
    var kept = new JsonObject();
    for (var name : names) {
      if (fields.has(name)) {
        kept.add(name, fields.get(name));
      }
    }
    return new JsonTree(kept, object, path);
  }

  /// The same place, where one of its fields does not have a field of its own.
  JsonTree without(String name, String field) {
    if (!(element instanceof JsonObject fields)
        || !(fields.get(name) instanceof JsonObject parent)
        || !parent.has(field)) {
      return this;
    }
    var less = new JsonObject();
    parent.asMap().forEach((key, value) -> less.add(key, value));
    less.remove(field);
    var copy = new JsonObject();
    fields.asMap().forEach((key, value) -> copy.add(key, key.equals(name) ? less : value));
    return new JsonTree(copy, object, path);
  }

  public boolean present() {
    return !absent();
  }

  /// A text that says something: the empty one is Kubernetes' way to leave it out.
  public Optional<String> text() {
    if (absent()) {
      return Optional.empty();
    }
    if (element instanceof JsonPrimitive value && (value.isString() || value.isNumber())) {
      return Optional.of(value.getAsString()).filter(text -> !text.isEmpty());
    }
    throw refused("a text");
  }

  public Optional<Boolean> flag() {
    if (absent()) {
      return Optional.empty();
    }
    if (element instanceof JsonPrimitive value && value.isBoolean()) {
      return Optional.of(value.getAsBoolean());
    }
    throw refused("true or false");
  }

  public Optional<Integer> number() {
    if (absent()) {
      return Optional.empty();
    }
    try {
      if (element instanceof JsonPrimitive value && value.isNumber()) {
        return Optional.of(value.getAsBigDecimal().intValueExact());
      }
    } catch (ArithmeticException e) {
      // Refused below, as any other value that is not a whole number.
    }
    throw refused("a whole number");
  }

  public List<JsonTree> items() {
    if (absent()) {
      return List.of();
    }
    if (!element.isJsonArray()) {
      throw refused("a list");
    }
    var array = element.getAsJsonArray();
    return IntStream.range(0, array.size())
        .mapToObj(i -> new JsonTree(array.get(i), object, "%s[%d]".formatted(path, i)))
        .toList();
  }

  /// Values by name, in the order they are written in.
  public Map<String, String> texts() {
    if (absent()) {
      return Map.of();
    }
    if (!(element instanceof JsonObject fields)) {
      throw refused("an object");
    }
    var texts = new LinkedHashMap<String, String>();
    fields.keySet().forEach(name -> texts.put(name, get(name).text().orElse("")));
    return Collections.unmodifiableMap(texts);
  }

  private boolean absent() {
    return element.isJsonNull();
  }

  private JsonTree at(JsonElement value, String name) {
    return new JsonTree(value, object, path.isEmpty() ? name : path + "." + name);
  }

  private IllegalArgumentException refused(String expected) {
    return new IllegalArgumentException(
        "'%s' of the %s is not %s; correct it in Kubernetes".formatted(path, object, expected));
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("empty");
  }
}
