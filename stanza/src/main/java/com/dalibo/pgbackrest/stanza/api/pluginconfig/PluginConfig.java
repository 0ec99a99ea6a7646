package com.dalibo.pgbackrest.stanza.api.pluginconfig;

import com.dalibo.pgbackrest.stanza.api.ApiReader;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.status.Reason;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The object a user writes to size the sidecar.
public record PluginConfig(Metadata metadata, PluginConfigSpec spec) {
  public static final String KIND = "PluginConfig";
  public static final String PLURAL = "pluginconfigs";

  private static final String LIVENESS_PROBE = "pgbackrest.dalibo.com/livenessProbe";

  /// What is used of the object's metadata.
  public record Metadata(String name, @Nullable Map<String, String> annotations) {}

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

  public static PluginConfig parse(String json) throws InvalidStanzaException {
    return parse(JsonParser.parseString(json).getAsJsonObject());
  }

  /// The probe came with an image. A PluginConfig that pins the image allows the probe only by its
  /// annotation, so that an upgrade of the operator does not change these pods.
  public boolean allowsLivenessProbe() {
    return spec.image() == null
        || (metadata.annotations() != null
            && "true".equals(metadata.annotations().get(LIVENESS_PROBE)));
  }
}
