package com.dalibo.pgbackrest.stanza.api.pluginconfig;

import com.dalibo.pgbackrest.stanza.api.ApiReader;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The object a user writes to size the sidecar.
public record PluginConfig(Metadata metadata, PluginConfigSpec spec) {
  public static final String KIND = "PluginConfig";
  public static final String PLURAL = "pluginconfigs";

  private static final String SHAPE = "pgbackrest.dalibo.com/sidecarShape";

  /// The shape of pods that this release makes: the sidecar has a liveness probe, and the volume
  /// `plugins` a size limit. Shape 1, of the releases before, has neither.
  public static final int NEWEST_SHAPE = 2;

  /// What is used of the object's metadata.
  public record Metadata(String name, @Nullable Map<String, String> annotations) {}

  public static PluginConfig parse(JsonObject json) throws InvalidStanzaException {
    return ApiReader.object(
        json, PluginConfig.class, KIND, "correct it with kubectl edit pluginconfig");
  }

  public static PluginConfig parse(String json) throws InvalidStanzaException {
    return parse(JsonParser.parseString(json).getAsJsonObject());
  }

  /// Which shape the pods have, 1 to [#NEWEST_SHAPE]. A shape comes with an image: a PluginConfig
  /// that pins the image keeps shape 1 until its annotation names another one, so that no upgrade
  /// of the operator changes these pods.
  public int sidecarShape() {
    if (spec.image() == null) {
      return NEWEST_SHAPE;
    }
    var asked = metadata.annotations() == null ? null : metadata.annotations().get(SHAPE);
    return asked != null && asked.matches("[1-9]")
        ? Math.min(Integer.parseInt(asked), NEWEST_SHAPE)
        : 1;
  }
}
