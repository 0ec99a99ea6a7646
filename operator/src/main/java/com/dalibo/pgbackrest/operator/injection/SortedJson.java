package com.dalibo.pgbackrest.operator.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.TreeMap;

/// A copy of a document with the fields of each object in the order of their names.
final class SortedJson {

  private SortedJson() {}

  static JsonNode of(JsonNode node) {
    return switch (node) {
      case ObjectNode object -> sorted(object);
      case ArrayNode array -> {
        var elements = JsonNodeFactory.instance.arrayNode();
        array.forEach(element -> elements.add(of(element)));
        yield elements;
      }
      case JsonNode value -> value;
    };
  }

  private static ObjectNode sorted(ObjectNode object) {
    var fields = new TreeMap<String, JsonNode>();
    object.properties().forEach(field -> fields.put(field.getKey(), of(field.getValue())));
    var sorted = JsonNodeFactory.instance.objectNode();
    fields.forEach(sorted::set);
    return sorted;
  }
}
