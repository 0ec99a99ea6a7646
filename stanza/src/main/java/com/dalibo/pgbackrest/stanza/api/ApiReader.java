package com.dalibo.pgbackrest.stanza.api;

import com.dalibo.pgbackrest.stanza.api.reason.SpecReason;
import com.dalibo.pgbackrest.stanza.api.repository.Inline;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The one reader of our API: JSON into records, component by component under the same name. A
/// component that is not `@Nullable` must be there; messages say where.
public final class ApiReader {
  private static final ApiReader LENIENT = new ApiReader(false);
  private static final ApiReader STRICT = new ApiReader(true);

  private static final List<String> OF_EVERY_OBJECT = List.of("apiVersion", "kind");

  private final boolean refusesUnknown;

  private ApiReader(boolean refusesUnknown) {
    this.refusesUnknown = refusesUnknown;
  }

  /// Refuses fields it does not know: for files of our own.
  public static ApiReader strict() {
    return STRICT;
  }

  public <T extends Record> T read(JsonObject json, Class<T> type) throws UnreadableException {
    return type.cast(record(json, type, ""));
  }

  /// Reads an object that the API server sent; fields it does not know are of a later version and
  /// ignored.
  ///
  /// @param noun what a message calls it
  /// @param remedy what its reader can do
  public static <T extends Record> T object(
      JsonObject json, Class<T> type, String noun, String remedy) throws InvalidStanzaException {
    try {
      return LENIENT.read(json, type);
    } catch (UnreadableException e) {
      throw new InvalidStanzaException(
          SpecReason.UNREADABLE,
          "the %s '%s' cannot be read: %s; %s"
              .formatted(noun, nameOf(json), e.getMessage(), remedy),
          e);
    }
  }

  private static String nameOf(JsonObject json) {
    return json.get("metadata") instanceof JsonObject metadata
            && metadata.get("name") instanceof JsonPrimitive name
        ? name.getAsString()
        : "";
  }

  private @Nullable Object value(JsonElement json, Type type, String path)
      throws UnreadableException {
    if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
      return list(json, list.getActualTypeArguments()[0], path);
    }
    if (type instanceof ParameterizedType map && map.getRawType() == Map.class) {
      return map(json, map.getActualTypeArguments()[1], path);
    }
    var plain = (Class<?>) type;
    if (plain.isRecord()) {
      return record(json, plain, path);
    }
    if (plain.isEnum()) {
      return constant(json, plain, path);
    }
    return scalar(json, plain, path);
  }

  private Object record(JsonElement json, Class<?> type, String path) throws UnreadableException {
    if (!(json instanceof JsonObject object)) {
      throw new UnreadableException(path, "must be an object");
    }
    if (refusesUnknown) {
      refuseUnknown(object, type, path);
    }
    return fields(object, type, path);
  }

  private Object fields(JsonObject object, Class<?> type, String path) throws UnreadableException {
    var components = type.getRecordComponents();
    var values = new @Nullable Object[components.length];
    for (int i = 0; i < components.length; i++) {
      values[i] = component(object, components[i], path);
    }
    try {
      var parameters =
          Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
      return type.getDeclaredConstructor(parameters).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "record '" + type.getSimpleName() + "' has no constructor", e);
    }
  }

  private @Nullable Object component(JsonObject object, RecordComponent component, String path)
      throws UnreadableException {
    if (isInline(component)) {
      return fields(object, component.getType(), path);
    }
    var where = path.isEmpty() ? component.getName() : path + "." + component.getName();
    var json = object.get(component.getName());
    if (json != null && !(json instanceof JsonNull)) {
      return value(json, component.getGenericType(), where);
    }
    if (component.getType() == int.class) {
      return 0;
    }
    if (!isOptional(component)) {
      throw new UnreadableException(where, "is missing");
    }
    return null;
  }

  /// Whether its own components are fields of the record that has it.
  public static boolean isInline(RecordComponent component) {
    return component.getAccessor().isAnnotationPresent(Inline.class);
  }

  public static boolean isOptional(RecordComponent component) {
    return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
  }

  private static void refuseUnknown(JsonObject object, Class<?> type, String path)
      throws UnreadableException {
    var known = names(type).toList();
    if (path.equals("metadata")) {
      return;
    }
    for (var name : object.keySet()) {
      var isOfTheObject = path.isEmpty() && OF_EVERY_OBJECT.contains(name);
      if (!isOfTheObject && !known.contains(name)) {
        throw new UnreadableException(
            path.isEmpty() ? name : path + "." + name, "is unknown; known are " + known);
      }
    }
  }

  private static Stream<String> names(Class<?> type) {
    return Arrays.stream(type.getRecordComponents())
        .flatMap(part -> isInline(part) ? names(part.getType()) : Stream.of(part.getName()));
  }

  private List<Object> list(JsonElement json, Type element, String path)
      throws UnreadableException {
    if (!json.isJsonArray()) {
      throw new UnreadableException(path, "must be a list");
    }
    var values = new ArrayList<Object>();
    for (var item : json.getAsJsonArray()) {
      values.add(present(value(item, element, path + "[" + values.size() + "]")));
    }
    return List.copyOf(values);
  }

  private Map<String, Object> map(JsonElement json, Type element, String path)
      throws UnreadableException {
    if (!(json instanceof JsonObject object)) {
      throw new UnreadableException(path, "must be an object");
    }
    var values = new LinkedHashMap<String, Object>();
    for (var entry : object.entrySet()) {
      values.put(
          entry.getKey(), present(value(entry.getValue(), element, path + "." + entry.getKey())));
    }
    return Collections.unmodifiableMap(values);
  }

  private static Object present(@Nullable Object value) {
    if (value == null) {
      throw new IllegalStateException("an element of a list or map is never absent");
    }
    return value;
  }

  /// pgBackRest and Kubernetes spell words with hyphens or capitals, Java with underscores.
  private static Object constant(JsonElement json, Class<?> type, String path)
      throws UnreadableException {
    var word = json instanceof JsonPrimitive primitive ? letters(primitive.getAsString()) : "";
    for (var constant : type.getEnumConstants()) {
      if (letters(((Enum<?>) constant).name()).equals(word)) {
        return constant;
      }
    }
    throw new UnreadableException(
        path,
        "must be one of "
            + Arrays.stream(type.getEnumConstants())
                .map(constant -> EnumSpelling.of((Enum<?>) constant))
                .collect(Collectors.joining(", ")));
  }

  private static String letters(String word) {
    return word.replaceAll("[-_]", "").toLowerCase(Locale.ROOT);
  }

  private static Object scalar(JsonElement json, Class<?> type, String path)
      throws UnreadableException {
    if (!(json instanceof JsonPrimitive primitive)) {
      throw new UnreadableException(path, "must be a single value");
    }
    try {
      if (type == String.class && !primitive.isBoolean()) {
        return primitive.getAsString();
      }
      if (type == Boolean.class && primitive.isBoolean()) {
        return primitive.getAsBoolean();
      }
      if ((type == Integer.class || type == int.class) && primitive.isNumber()) {
        return primitive.getAsBigDecimal().intValueExact();
      }
      if (type == Long.class && primitive.isNumber()) {
        return primitive.getAsBigDecimal().longValueExact();
      }
    } catch (ArithmeticException | NumberFormatException e) {
      throw new UnreadableException(path, "must be a whole number", e);
    }
    throw new UnreadableException(
        path, "must be a " + type.getSimpleName().toLowerCase(Locale.ROOT));
  }

  /// A document that does not have the shape of our API.
  public static final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1;

    UnreadableException(String path, String what) {
      super(path.isEmpty() ? "it " + what : path + " " + what);
    }

    UnreadableException(String path, String what, Throwable cause) {
      super(path + " " + what, cause);
    }
  }
}
