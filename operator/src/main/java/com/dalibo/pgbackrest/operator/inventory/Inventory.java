package com.dalibo.pgbackrest.operator.inventory;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrill;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRun;
import com.dalibo.pgbackrest.stanza.api.plan.RestorePlan;
import com.dalibo.pgbackrest.stanza.api.pluginconfig.PluginConfig;
import com.dalibo.pgbackrest.stanza.api.reason.SpecReason;
import com.google.gson.JsonParser;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/// The Stanzas, PluginConfigs, RestorePlans, RestoreDrills with their runs, and Clusters as last
/// heard of, so that no hook has to ask.
public final class Inventory {

  private final Map<ObjectKey, Entry<Stanza>> stanzas = new ConcurrentHashMap<>();
  private final Map<ObjectKey, Entry<PluginConfig>> pluginConfigs = new ConcurrentHashMap<>();
  private final Map<ObjectKey, Entry<RestorePlan>> restorePlans = new ConcurrentHashMap<>();
  private final Map<ObjectKey, Entry<RestoreDrill>> restoreDrills = new ConcurrentHashMap<>();
  private final Map<ObjectKey, Entry<RestoreDrillRun>> restoreDrillRuns = new ConcurrentHashMap<>();
  private final Map<ObjectKey, Cluster> clusters = new ConcurrentHashMap<>();
  private final ArchivingClusters archiving = new ArchivingClusters();
  private final NamespaceLimits limits = new NamespaceLimits();
  private final InstancePods pods = new InstancePods();
  private volatile BooleanSupplier complete = () -> false;
  private volatile BooleanSupplier clustersKnown = () -> false;
  private volatile BooleanSupplier drillsKnown = () -> false;

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

  /// Whether every RestoreDrill and every run there was at the start has been heard of.
  public boolean knowsDrills() {
    return drillsKnown.getAsBoolean();
  }

  public void drillsKnownWhen(BooleanSupplier condition) {
    drillsKnown = condition;
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
    return readable(restorePlans);
  }

  /// The RestoreDrills that can be read; the schema admits no other.
  public Collection<RestoreDrill> restoreDrills() {
    return readable(restoreDrills);
  }

  /// The runs of all RestoreDrills.
  public Collection<RestoreDrillRun> restoreDrillRuns() {
    return readable(restoreDrillRuns);
  }

  private static <T> List<T> readable(Map<ObjectKey, Entry<T>> objects) {
    return objects.values().stream()
        .flatMap(
            entry ->
                switch (entry) {
                  case Entry.Understood<T> readable -> Stream.of(readable.object());
                  case Entry.Unreadable<T> _ -> Stream.<T>empty();
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
      return new Entry.Unreadable<>(
          new Problem(SpecReason.UNREADABLE, String.valueOf(e.getMessage())));
    }
  }

  public NamespaceLimits limits() {
    return limits;
  }

  public InstancePods pods() {
    return pods;
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

  public void putRestoreDrill(ObjectKey key, String json) {
    restoreDrills.put(
        key, read(() -> RestoreDrill.parse(JsonParser.parseString(json).getAsJsonObject())));
  }

  public void removeRestoreDrill(ObjectKey key) {
    restoreDrills.remove(key);
  }

  public void putRestoreDrillRun(ObjectKey key, String json) {
    restoreDrillRuns.put(
        key, read(() -> RestoreDrillRun.parse(JsonParser.parseString(json).getAsJsonObject())));
  }

  public void removeRestoreDrillRun(ObjectKey key) {
    restoreDrillRuns.remove(key);
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
