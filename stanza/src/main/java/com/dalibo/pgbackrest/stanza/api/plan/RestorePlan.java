package com.dalibo.pgbackrest.stanza.api.plan;

import com.dalibo.pgbackrest.cnpgi.Plugin;
import com.dalibo.pgbackrest.stanza.api.ApiReader;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.Metadata;
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

  public static RestorePlan parse(JsonObject json) throws InvalidStanzaException {
    return ApiReader.object(
        json, RestorePlan.class, KIND, "correct it with kubectl edit restoreplan");
  }

  public static RestorePlan parse(String json) throws InvalidStanzaException {
    return parse(JsonParser.parseString(json).getAsJsonObject());
  }

  public String name() {
    return metadata.name();
  }

  public String namespace() {
    return metadata.namespaceOrDefault();
  }
}
