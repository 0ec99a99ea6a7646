package com.dalibo.pgbackrest.operator.inventory;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.status.Reason;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/// The Stanzas, PluginConfigs and Clusters as last heard of, so that no hook has to ask.
public final class Inventory {

  private final Map<ObjectKey, StanzaEntry> stanzas = new ConcurrentHashMap<>();
  private final Map<ObjectKey, JsonNode> pluginConfigs = new ConcurrentHashMap<>();
  private final Map<ObjectKey, Cluster> clusters = new ConcurrentHashMap<>();
  private volatile BooleanSupplier complete = () -> false;

  /// A Stanza, or why it cannot be read.
  public sealed interface StanzaEntry {
    record Understood(Stanza stanza) implements StanzaEntry {}

    record Unreadable(Problem problem) implements StanzaEntry {}

    static StanzaEntry parse(String json) {
      try {
        return new Understood(Stanza.parse(json));
      } catch (InvalidStanzaException e) {
        return new Unreadable(new Problem(Reason.UNREADABLE, String.valueOf(e.getMessage())));
      }
    }
  }

  /// Whether everything there was at the start has been heard of.
  public boolean isComplete() {
    return complete.getAsBoolean();
  }

  public void completeWhen(BooleanSupplier condition) {
    complete = condition;
  }

  public Optional<StanzaEntry> stanza(ObjectKey key) {
    return Optional.ofNullable(stanzas.get(key));
  }

  /// The Stanza if it is there and can be read.
  public Optional<Stanza> readableStanza(ObjectKey key) {
    return stanza(key)
        .flatMap(
            entry ->
                switch (entry) {
                  case StanzaEntry.Understood readable -> Optional.of(readable.stanza());
                  case StanzaEntry.Unreadable _ -> Optional.empty();
                });
  }

  public Map<ObjectKey, StanzaEntry> stanzas() {
    return Map.copyOf(stanzas);
  }

  public Optional<JsonNode> pluginConfig(ObjectKey key) {
    return Optional.ofNullable(pluginConfigs.get(key));
  }

  public Collection<Cluster> clusters() {
    return List.copyOf(clusters.values());
  }

  public Optional<Cluster> cluster(ObjectKey key) {
    return Optional.ofNullable(clusters.get(key));
  }

  public void putStanza(ObjectKey key, String json) {
    stanzas.put(key, StanzaEntry.parse(json));
  }

  void removeStanza(ObjectKey key) {
    stanzas.remove(key);
  }

  public void putPluginConfig(ObjectKey key, JsonNode document) {
    pluginConfigs.put(key, document);
  }

  void removePluginConfig(ObjectKey key) {
    pluginConfigs.remove(key);
  }

  public void putCluster(ObjectKey key, Cluster cluster) {
    clusters.put(key, cluster);
  }

  void removeCluster(ObjectKey key) {
    clusters.remove(key);
  }
}
