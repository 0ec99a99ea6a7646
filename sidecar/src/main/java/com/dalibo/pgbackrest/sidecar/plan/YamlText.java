package com.dalibo.pgbackrest.sidecar.plan;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.regex.Pattern;

/// JSON as the YAML that people write: a JSON text is one in YAML too, so what is not plain beyond
/// doubt is quoted as there.
final class YamlText {
  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z][A-Za-z0-9./_-]*(:[A-Za-z0-9._-]+)?");
  private static final Pattern OTHER_MEANING =
      Pattern.compile("(?i)true|false|yes|no|on|off|y|n|null");

  private YamlText() {}

  static String of(JsonObject object) {
    var text = new StringBuilder();
    fields(object, "", text);
    return text.toString();
  }

  private static void fields(JsonObject object, String indent, StringBuilder text) {
    object
        .entrySet()
        .forEach(
            field -> {
              text.append(indent).append(scalar(new JsonPrimitive(field.getKey()))).append(':');
              value(field.getValue(), indent + "  ", text);
            });
  }

  private static void value(JsonElement value, String indent, StringBuilder text) {
    switch (value) {
      case JsonObject object -> {
        text.append('\n');
        fields(object, indent, text);
      }
      case JsonArray array -> {
        text.append('\n');
        array.forEach(item -> item(item, indent, text));
      }
      default -> text.append(' ').append(scalar(value)).append('\n');
    }
  }

  private static void item(JsonElement item, String indent, StringBuilder text) {
    if (item instanceof JsonObject object) {
      var inner = new StringBuilder();
      fields(object, indent + "  ", inner);
      text.append(indent).append("- ").append(inner.substring(indent.length() + 2));
    } else {
      text.append(indent).append("- ").append(scalar(item)).append('\n');
    }
  }

  private static String scalar(JsonElement value) {
    if (value instanceof JsonPrimitive primitive && primitive.isString()) {
      var string = primitive.getAsString();
      return PLAIN.matcher(string).matches() && !OTHER_MEANING.matcher(string).matches()
          ? string
          : primitive.toString();
    }
    return value.toString();
  }
}
