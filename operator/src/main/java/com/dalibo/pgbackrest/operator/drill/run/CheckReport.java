package com.dalibo.pgbackrest.operator.drill.run;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The termination message of a [CheckJob].
///
/// @param error why nothing could be asked
record CheckReport(
    @Nullable String error,
    @Nullable String postgres,
    long size,
    List<Answer> checks,
    @Nullable PageAnswer pages) {

  /// The answer of a check, in the order of the checks.
  record Answer(boolean passed, @Nullable String answer) {}

  /// What was found in the pages.
  record PageAnswer(
      Boolean passed, @Nullable Long read, @Nullable Boolean checksums, @Nullable String answer) {}

  /// Empty if it is none: the pod was ended before it could write it.
  static Optional<CheckReport> parse(String message) {
    try {
      return JsonParser.parseString(message) instanceof JsonObject json
          ? Optional.of(of(json))
          : Optional.empty();
    } catch (JsonParseException | UnsupportedOperationException | NumberFormatException _) {
      return Optional.empty();
    }
  }

  private static CheckReport of(JsonObject json) {
    var checks = new ArrayList<Answer>();
    if (json.get("checks") instanceof JsonArray answers) {
      for (var answer : answers) {
        if (answer instanceof JsonObject of) {
          checks.add(new Answer(flag(of, "passed"), text(of, "answer")));
        }
      }
    }
    var pages =
        json.get("pages") instanceof JsonObject of
            ? new PageAnswer(
                flag(of, "passed"),
                number(of, "read"),
                flag(of, "checksums"),
                Objects.toString(text(of, "answer"), ""))
            : null;
    return new CheckReport(
        text(json, "error"), text(json, "postgres"), number(json, "size"), checks, pages);
  }

  private static boolean flag(JsonObject json, String field) {
    return json.get(field) instanceof JsonPrimitive value && value.getAsBoolean();
  }

  private static long number(JsonObject json, String field) {
    return json.get(field) instanceof JsonPrimitive value ? value.getAsLong() : 0;
  }

  private static @Nullable String text(JsonObject json, String field) {
    return json.get(field) instanceof JsonPrimitive value ? value.getAsString() : null;
  }
}
