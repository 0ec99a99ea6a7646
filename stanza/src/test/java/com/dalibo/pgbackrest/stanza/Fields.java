package com.dalibo.pgbackrest.stanza;

import com.dalibo.pgbackrest.stanza.api.ApiReader;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;

/// The fields of a record of the API and of the records in it, in the order of the schema.
final class Fields {
  private Fields() {}

  /// @param path `s3Repositories[].retentionPolicy.full`
  record Field(String path, RecordComponent component) {
    @Override
    public String toString() {
      return path;
    }

    boolean isLeaf() {
      return recordIn(component.getGenericType()) == null;
    }
  }

  static List<Field> of(Class<?> type) {
    var fields = new ArrayList<Field>();
    collect(type, "", fields);
    return List.copyOf(fields);
  }

  private static void collect(Class<?> type, String path, List<Field> fields) {
    for (var component : type.getRecordComponents()) {
      if (ApiReader.isInline(component)) {
        collect(component.getType(), path, fields);
        continue;
      }
      var list = component.getType() == List.class ? "[]" : "";
      var field = path + component.getName() + list;
      fields.add(new Field(field, component));
      var inner = recordIn(component.getGenericType());
      if (inner != null) {
        collect(inner, field + ".", fields);
      }
    }
  }

  /// The record that a component holds, by itself or in a list; null if it holds none.
  static Class<?> recordIn(Type type) {
    if (type instanceof ParameterizedType parameterized
        && parameterized.getRawType() == List.class) {
      return recordIn(parameterized.getActualTypeArguments()[0]);
    }
    return type instanceof Class<?> plain && plain.isRecord() ? plain : null;
  }
}
