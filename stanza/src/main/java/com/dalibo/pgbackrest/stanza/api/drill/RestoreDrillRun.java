package com.dalibo.pgbackrest.stanza.api.drill;

import com.dalibo.pgbackrest.stanza.api.ApiReader;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.Metadata;
import com.dalibo.pgbackrest.stanza.api.status.Reason;
import com.google.gson.JsonObject;
import org.jspecify.annotations.Nullable;

/// One run of a drill, which the operator makes: what was to be restored, and what came of it.
public record RestoreDrillRun(
    Metadata metadata, RestoreDrillRunSpec spec, @Nullable RestoreDrillRunStatus status) {
  public static final String KIND = "RestoreDrillRun";
  public static final String PLURAL = "restoredrillruns";

  public static RestoreDrillRun parse(JsonObject json) throws InvalidStanzaException {
    try {
      return ApiReader.lenient().read(json, RestoreDrillRun.class);
    } catch (ApiReader.UnreadableException e) {
      throw new InvalidStanzaException(
          Reason.UNREADABLE,
          "the RestoreDrillRun '%s' cannot be read: %s; remove it with kubectl delete restoredrillrun"
              .formatted(ApiReader.nameOf(json), e.getMessage()),
          e);
    }
  }

  public String name() {
    return metadata.name();
  }

  public String namespace() {
    var namespace = metadata.namespace();
    return namespace == null ? "default" : namespace;
  }
}
