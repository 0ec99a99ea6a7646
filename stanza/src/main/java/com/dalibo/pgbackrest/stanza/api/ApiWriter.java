package com.dalibo.pgbackrest.stanza.api;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The one writer of our API: records into JSON, component by component under the same name; the
/// counterpart of [ApiReader].
public final class ApiWriter {
  private ApiWriter() {}

  /// A JSON merge patch (RFC 7386) after which the object says what the record says: an absent
  /// component is `null`, which removes the field. Lists are replaced whole, so what is absent in
  /// their elements is left out.
  public static JsonObject mergePatch(Record value) {
    return object(value, true);
  }

  /// The object without the components that are absent.
  public static JsonObject object(Record value) {
    return object(value, false);
  }

  private static JsonObject object(Record value, boolean withNulls) {
    var json = new JsonObject();
    for (var component : value.getClass().getRecordComponents()) {
      var content = component(value, component);
      if (content != null) {
        json.add(component.getName(), element(content, withNulls));
      } else if (withNulls) {
        json.add(component.getName(), JsonNull.INSTANCE);
      }
    }
    return json;
  }

  private static JsonElement element(Object value, boolean withNulls) {
    return switch (value) {
      case Record nested -> object(nested, withNulls);
      case List<?> list -> array(list);
      case Map<?, ?> map -> map(map);
      case Number number -> new JsonPrimitive(number);
      case Boolean flag -> new JsonPrimitive(flag);
      default -> new JsonPrimitive(value.toString());
    };
  }

  private static JsonArray array(List<?> list) {
    var json = new JsonArray();
    list.forEach(item -> json.add(element(item, false)));
    return json;
  }

  private static JsonObject map(Map<?, ?> map) {
    var json = new JsonObject();
    map.forEach((name, value) -> json.add(String.valueOf(name), element(value, false)));
    return json;
  }

  private static @Nullable Object component(Record value, RecordComponent component) {
    try {
      return component.getAccessor().invoke(value);
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
