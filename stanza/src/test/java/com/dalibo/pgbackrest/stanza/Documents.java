package com.dalibo.pgbackrest.stanza;

import com.dalibo.pgbackrest.stanza.api.ApiReader;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// YAML files as the JSON the API server would make of them.
public final class Documents {
  private static final Gson GSON = new Gson();

  private Documents() {}

  public static JsonObject one(Path file) {
    var documents = all(file);
    if (documents.size() != 1) {
      throw new IllegalStateException(file + " holds " + documents.size() + " documents, not one");
    }
    return documents.getFirst();
  }

  static List<JsonObject> all(Path file) {
    try {
      return parse(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static List<JsonObject> parse(String yaml) {
    var documents = new ArrayList<JsonObject>();
    for (var document : new Load(LoadSettings.builder().build()).loadAllFromString(yaml)) {
      documents.add(GSON.toJsonTree(document).getAsJsonObject());
    }
    return documents;
  }

  /// A stanza in namespace `app`, of the YAML below `stanzaConfiguration`.
  public static Stanza stanza(String configuration) {
    var yaml =
        "metadata: {name: sample, namespace: app}\nspec:\n  stanzaConfiguration:\n"
            + configuration.indent(4);
    try {
      return ApiReader.strict().read(parse(yaml).getFirst(), Stanza.class);
    } catch (ApiReader.UnreadableException e) {
      throw new IllegalStateException(e);
    }
  }
}
