package com.dalibo.pgbackrest.stanza;

import com.dalibo.pgbackrest.stanza.api.ApiReader;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.TreeMap;
import java.util.TreeSet;

/// Moves what the generator wrote for an inlined record to the record that has it.
final class InlinedFields {
  private static final String REQUIRED = "required";
  private static final String RULES = "x-kubernetes-validations";

  private InlinedFields() {}

  /// @param schema that of the type
  static void lift(ObjectNode schema, Class<?> type) {
    for (var component : type.getRecordComponents()) {
      var properties = (ObjectNode) schema.get("properties");
      var inner = Fields.recordIn(component.getGenericType());
      if (ApiReader.isInline(component)) {
        merge(schema, (ObjectNode) properties.remove(component.getName()));
      } else if (inner != null) {
        var property = (ObjectNode) properties.get(component.getName());
        lift(property.get("items") instanceof ObjectNode items ? items : property, inner);
      }
    }
  }

  private static void merge(ObjectNode schema, ObjectNode inlined) {
    var properties = new TreeMap<String, JsonNode>();
    schema.get("properties").properties().forEach(p -> properties.put(p.getKey(), p.getValue()));
    inlined.get("properties").properties().forEach(p -> properties.put(p.getKey(), p.getValue()));
    schema.putObject("properties").setAll(properties);

    var required = new TreeSet<String>();
    schema.path(REQUIRED).forEach(field -> required.add(field.asText()));
    inlined.path(REQUIRED).forEach(field -> required.add(field.asText()));
    if (!required.isEmpty()) {
      required.forEach(schema.putArray(REQUIRED)::add);
    }

    if (inlined.get(RULES) instanceof ArrayNode rules) {
      schema.path(RULES).forEach(rules::add);
      schema.set(RULES, rules);
    }
  }
}
