package com.dalibo.pgbackrest.operator.inventory;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.plan.RestorePlan;
import com.dalibo.pgbackrest.stanza.api.pluginconfig.PluginConfig;
import com.dalibo.pgbackrest.stanza.api.status.Reason;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/// The Stanzas, PluginConfigs, RestorePlans and Clusters as last heard of, so that no hook has to
/// ask.
public final class Inventory {

  private final Map<ObjectKey, Entry<Stanza>> stanzas = new ConcurrentHashMap<>();
  private final Map<ObjectKey, Entry<PluginConfig>> pluginConfigs = new ConcurrentHashMap<>();
  private final Map<ObjectKey, Entry<RestorePlan>> restorePlans = new ConcurrentHashMap<>();
  private final Map<ObjectKey, Cluster> clusters = new ConcurrentHashMap<>();
  private final ArchivingClusters archiving = new ArchivingClusters();
  private final NamespaceLimits limits = new NamespaceLimits();
  private volatile BooleanSupplier complete = () -> false;
  private volatile BooleanSupplier clustersKnown = () -> false;

  /// Whether everything there was at the start has been heard of.
  public boolean isComplete() {
    return complete.getAsBoolean();
  }

  public void completeWhen(BooleanSupplier condition) {
    complete = condition;
  }

  /// Whether every Cluster there was at the start has been heard of, so that one that is not here
  /// is not there.
  public boolean knowsClusters() {
    return clustersKnown.getAsBoolean();
  }

  public void clustersKnownWhen(BooleanSupplier condition) {
    clustersKnown = condition;
  }

  public Optional<Entry<Stanza>> stanza(ObjectKey key) {
    return Optional.ofNullable(stanzas.get(key));
  }

  /// The Stanza if it is there and can be read.
  public Optional<Stanza> readableStanza(ObjectKey key) {
    return stanza(key)
        .flatMap(
            entry ->
                switch (entry) {
                  case Entry.Understood<Stanza> readable -> Optional.of(readable.object());
                  case Entry.Unreadable<Stanza> _ -> Optional.empty();
                });
  }

  public Map<ObjectKey, Entry<Stanza>> stanzas() {
    return Map.copyOf(stanzas);
  }

  public Optional<Entry<PluginConfig>> pluginConfig(ObjectKey key) {
    return Optional.ofNullable(pluginConfigs.get(key));
  }

  /// The RestorePlans that can be read; the schema admits no other.
  public Collection<RestorePlan> restorePlans() {
    return restorePlans.values().stream()
        .flatMap(
            entry ->
                switch (entry) {
                  case Entry.Understood<RestorePlan> readable -> Stream.of(readable.object());
                  case Entry.Unreadable<RestorePlan> _ -> Stream.empty();
                })
        .toList();
  }

  private interface Reading<T> {
    T read() throws InvalidStanzaException;
  }

  private static <T> Entry<T> read(Reading<T> object) {
    try {
      return new Entry.Understood<>(object.read());
    } catch (InvalidStanzaException e) {
      return new Entry.Unreadable<>(new Problem(Reason.UNREADABLE, String.valueOf(e.getMessage())));
    }
  }

  public NamespaceLimits limits() {
    return limits;
  }

  public ArchivingClusters archiving() {
    return archiving;
  }

  public Collection<Cluster> clusters() {
    return List.copyOf(clusters.values());
  }

  public Optional<Cluster> cluster(ObjectKey key) {
    return Optional.ofNullable(clusters.get(key));
  }

  public void putStanza(ObjectKey key, String json) {
    stanzas.put(key, read(() -> Stanza.parse(json)));
  }

  void removeStanza(ObjectKey key) {
    stanzas.remove(key);
  }

  public void putPluginConfig(ObjectKey key, String json) {
    pluginConfigs.put(key, read(() -> PluginConfig.parse(json)));
  }

  void removePluginConfig(ObjectKey key) {
    pluginConfigs.remove(key);
  }

  public void putRestorePlan(ObjectKey key, String json) {
    restorePlans.put(key, read(() -> RestorePlan.parse(json)));
  }

  void removeRestorePlan(ObjectKey key) {
    restorePlans.remove(key);
  }

  public void putCluster(ObjectKey key, Cluster cluster) {
    // First, so that no Cluster is known of which it is not known where it archives.
    archiving.put(key, cluster);
    clusters.put(key, cluster);
  }

  void removeCluster(ObjectKey key) {
    clusters.remove(key);
    archiving.remove(key);
  }
}
