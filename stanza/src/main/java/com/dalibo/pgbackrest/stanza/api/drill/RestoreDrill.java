package com.dalibo.pgbackrest.stanza.api.drill;

import com.dalibo.pgbackrest.stanza.api.ApiReader;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.Metadata;
import com.dalibo.pgbackrest.stanza.api.status.Reason;
import com.google.gson.JsonObject;
import org.jspecify.annotations.Nullable;

/// The object a user writes to have backups restored on trial, once or on a schedule.
public record RestoreDrill(
    Metadata metadata, RestoreDrillSpec spec, @Nullable RestoreDrillStatus status) {
  public static final String KIND = "RestoreDrill";
  public static final String PLURAL = "restoredrills";

  /// Reads what the API server sent; fields it does not know are of a later version and ignored.
  public static RestoreDrill parse(JsonObject json) throws InvalidStanzaException {
    try {
      return ApiReader.lenient().read(json, RestoreDrill.class);
    } catch (ApiReader.UnreadableException e) {
      throw new InvalidStanzaException(
          Reason.UNREADABLE,
          "the RestoreDrill '%s' cannot be read: %s; correct it with kubectl edit restoredrill"
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
