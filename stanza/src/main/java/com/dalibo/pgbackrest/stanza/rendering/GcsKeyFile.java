package com.dalibo.pgbackrest.stanza.rendering;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The key file of a service account of Google's cloud.
final class GcsKeyFile {
  /// What pgBackRest reads of it.
  static final List<String> MEMBERS = List.of("client_email", "private_key", "token_uri");

  private GcsKeyFile() {}

  static boolean isOne(byte[] content) {
    try {
      var file = JsonParser.parseString(new String(content, UTF_8));
      return file.isJsonObject()
          && MEMBERS.stream().allMatch(member -> isText(file.getAsJsonObject().get(member)));
    } catch (JsonParseException notJson) {
      return false;
    }
  }

  private static boolean isText(@Nullable JsonElement value) {
    return value != null && value.isJsonPrimitive() && value.getAsJsonPrimitive().isString();
  }
}
