package com.dalibo.pgbackrest.operator.drill.run;

import com.dalibo.pgbackrest.stanza.api.ApiWriter;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRun;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Phase;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Result;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The status of a run as it is to be written.
final class RunDraft {

  private final JsonObject before;
  private final JsonObject status;

  RunDraft(RestoreDrillRun run) {
    this.before = run.status() == null ? new JsonObject() : ApiWriter.mergePatch(run.status());
    this.status = before.deepCopy();
  }

  JsonObject json() {
    return status;
  }

  boolean isChanged() {
    return !status.equals(before);
  }

  RunDraft phase(Phase phase) {
    return set("phase", phase.toString());
  }

  /// What the run waits for.
  RunDraft message(String message) {
    return set("message", message);
  }

  /// The result; the Cluster is removed next.
  RunDraft end(Result result, Problem problem) {
    return phase(Phase.REMOVING)
        .set("result", result.toString())
        .set("reason", problem.reason().word())
        .message(problem.message());
  }

  RunDraft set(String field, String value) {
    status.addProperty(field, value);
    return this;
  }

  RunDraft set(String field, long value) {
    status.addProperty(field, value);
    return this;
  }

  RunDraft set(String field, JsonElement value) {
    status.add(field, value);
    return this;
  }

  RunDraft lines(String field, List<String> lines) {
    var array = new JsonArray();
    lines.forEach(array::add);
    return set(field, array);
  }

  /// Records the moment of a step, unless one is recorded already.
  RunDraft step(String name, Instant moment) {
    var steps = object("steps");
    if (!(steps.get(name) instanceof JsonPrimitive)) {
      steps.addProperty(name, moment.truncatedTo(ChronoUnit.SECONDS).toString());
    }
    return this;
  }

  Optional<Instant> step(String name) {
    return read("steps", name) instanceof JsonPrimitive moment
        ? Optional.of(Instant.parse(moment.getAsString()))
        : Optional.empty();
  }

  /// How long a step took, if both moments are known.
  RunDraft duration(String name, String from, String to) {
    between(from, to).ifPresent(seconds -> object("seconds").addProperty(name, seconds));
    return this;
  }

  Optional<Long> between(String from, String to) {
    return step(from)
        .flatMap(
            start -> step(to).map(end -> Math.max(0, Duration.between(start, end).toSeconds())));
  }

  RunDraft restored(String field, String value) {
    object("restored").addProperty(field, value);
    return this;
  }

  Optional<String> restored(String field) {
    return read("restored", field) instanceof JsonPrimitive value
        ? Optional.of(value.getAsString())
        : Optional.empty();
  }

  private @Nullable JsonElement read(String field, String name) {
    return status.get(field) instanceof JsonObject object ? object.get(name) : null;
  }

  /// Created if absent.
  JsonObject object(String field) {
    if (!(status.get(field) instanceof JsonObject)) {
      status.add(field, new JsonObject());
    }
    return status.getAsJsonObject(field);
  }
}
