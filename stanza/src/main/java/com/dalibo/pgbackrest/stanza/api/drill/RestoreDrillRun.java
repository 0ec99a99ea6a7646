package com.dalibo.pgbackrest.stanza.api.drill;

import com.dalibo.pgbackrest.stanza.api.ApiReader;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.Metadata;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Phase;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Result;
import com.google.gson.JsonObject;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One run of a drill, which the operator makes: what was to be restored, and what came of it.
public record RestoreDrillRun(
    Metadata metadata, RestoreDrillRunSpec spec, @Nullable RestoreDrillRunStatus status) {
  public static final String KIND = "RestoreDrillRun";
  public static final String PLURAL = "restoredrillruns";

  public static RestoreDrillRun parse(JsonObject json) throws InvalidStanzaException {
    return ApiReader.object(
        json, RestoreDrillRun.class, KIND, "remove it with kubectl delete restoredrillrun");
  }

  public String name() {
    return metadata.name();
  }

  public String namespace() {
    return metadata.namespaceOrDefault();
  }

  /// When the object was created; where that is absent, when the run was due.
  public Instant created() {
    var created = metadata.creationTimestamp();
    return Instant.parse(created == null ? spec.scheduledTime() : created);
  }

  /// Pending until a step is recorded.
  public Phase phase() {
    return Optional.ofNullable(status).map(RestoreDrillRunStatus::phase).orElse(Phase.PENDING);
  }

  /// Empty until it is known.
  public Optional<Result> result() {
    return Optional.ofNullable(status).map(RestoreDrillRunStatus::result);
  }
}
