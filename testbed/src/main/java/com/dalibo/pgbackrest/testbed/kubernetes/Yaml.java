package com.dalibo.pgbackrest.testbed.kubernetes;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/// Kubernetes objects between YAML, as people write them, and JSON trees, as the API carries them.
public final class Yaml {
  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

  private Yaml() {}

  /// All documents of the text; JSON is YAML too.
  public static List<JsonObject> read(String text) {
    List<JsonObject> objects = new ArrayList<>();
    for (Object document : new Load(LoadSettings.builder().build()).loadAllFromString(text)) {
      JsonElement tree = GSON.toJsonTree(document);
      if (tree.isJsonObject()) {
        objects.add(tree.getAsJsonObject());
      }
    }
    return objects;
  }

  public static JsonObject readOne(String text) {
    List<JsonObject> objects = read(text);
    if (objects.size() != 1) {
      throw new IllegalArgumentException("one object expected, found " + objects.size());
    }
    return objects.getFirst();
  }

  public static String write(JsonObject object) {
    Object plain = GSON.fromJson(object, Object.class);
    DumpSettings settings =
        DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).setMultiLineFlow(false).build();
    return new Dump(settings).dumpToString(plain);
  }
}
