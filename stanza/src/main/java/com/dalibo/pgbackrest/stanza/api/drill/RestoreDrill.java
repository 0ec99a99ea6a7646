package com.dalibo.pgbackrest.stanza.api.drill;

import com.dalibo.pgbackrest.stanza.api.ApiReader;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.Metadata;
import com.google.gson.JsonObject;
import org.jspecify.annotations.Nullable;

/// The object a user writes to have backups restored on trial, once or on a schedule.
public record RestoreDrill(
    Metadata metadata, RestoreDrillSpec spec, @Nullable RestoreDrillStatus status) {
  public static final String KIND = "RestoreDrill";
  public static final String PLURAL = "restoredrills";

  public static RestoreDrill parse(JsonObject json) throws InvalidStanzaException {
    return ApiReader.object(
        json, RestoreDrill.class, KIND, "correct it with kubectl edit restoredrill");
  }

  public String name() {
    return metadata.name();
  }

  public String namespace() {
    return metadata.namespaceOrDefault();
  }
}
