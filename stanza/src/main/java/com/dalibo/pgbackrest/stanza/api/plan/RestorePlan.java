package com.dalibo.pgbackrest.stanza.api.plan;

import com.dalibo.pgbackrest.cnpgi.Plugin;
import com.dalibo.pgbackrest.stanza.api.ApiReader;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.Metadata;
import com.dalibo.pgbackrest.stanza.api.status.Reason;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.jspecify.annotations.Nullable;

/// The object a user writes to be told, before a restore, whether and how it succeeds.
public record RestorePlan(
    Metadata metadata, RestorePlanSpec spec, @Nullable RestorePlanStatus status) {
  public static final String KIND = "RestorePlan";
  public static final String PLURAL = "restoreplans";

  /// Each new value of this annotation asks for the plan to be made again.
  public static final String AGAIN = Plugin.NAME + "/plan";

  /// Reads what the API server sent; fields it does not know are of a later version and ignored.
  public static RestorePlan parse(JsonObject json) throws InvalidStanzaException {
    try {
      return ApiReader.lenient().read(json, RestorePlan.class);
    } catch (ApiReader.UnreadableException e) {
      throw new InvalidStanzaException(
          Reason.UNREADABLE,
          "the RestorePlan '%s' cannot be read: %s; correct it with kubectl edit restoreplan"
              .formatted(ApiReader.nameOf(json), e.getMessage()),
          e);
    }
  }

  public static RestorePlan parse(String json) throws InvalidStanzaException {
    return parse(JsonParser.parseString(json).getAsJsonObject());
  }

  public String name() {
    return metadata.name();
  }

  public String namespace() {
    var namespace = metadata.namespace();
    return namespace == null ? "default" : namespace;
  }
}
