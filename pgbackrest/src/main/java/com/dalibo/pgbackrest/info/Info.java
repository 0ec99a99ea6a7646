package com.dalibo.pgbackrest.info;

import com.google.gson.JsonParser;
import java.util.List;
import java.util.Optional;

/// The answer of `pgbackrest info`: what the repositories hold, by stanza.
public record Info(List<StanzaInfo> stanzas) {
  public Info {
    stanzas = List.copyOf(stanzas);
  }

  public static Info parse(String json) {
    return new Info(
        JsonParser.parseString(json).getAsJsonArray().asList().stream()
            .map(stanza -> InfoJson.stanza(stanza.getAsJsonObject()))
            .toList());
  }

  public Optional<StanzaInfo> stanza(String name) {
    return stanzas.stream().filter(stanza -> stanza.name().equals(name)).findFirst();
  }
}
