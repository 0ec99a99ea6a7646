package com.dalibo.pgbackrest.stanza.api.pluginconfig;

import com.dalibo.pgbackrest.stanza.api.ApiReader;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.Metadata;
import com.dalibo.pgbackrest.stanza.api.status.Reason;
import com.google.gson.JsonObject;

/// The object a user writes to size the sidecar.
public record PluginConfig(Metadata metadata, PluginConfigSpec spec) {
  public static final String KIND = "PluginConfig";
  public static final String PLURAL = "pluginconfigs";

  public static PluginConfig parse(JsonObject json) throws InvalidStanzaException {
    try {
      return ApiReader.lenient().read(json, PluginConfig.class);
    } catch (ApiReader.UnreadableException e) {
      throw new InvalidStanzaException(
          Reason.UNREADABLE,
          "the plugin config '%s' cannot be read: %s; correct it with kubectl edit pluginconfig"
              .formatted(ApiReader.nameOf(json), e.getMessage()),
          e);
    }
  }
}
