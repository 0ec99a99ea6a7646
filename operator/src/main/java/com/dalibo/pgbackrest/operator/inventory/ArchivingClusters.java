package com.dalibo.pgbackrest.operator.inventory;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.cluster.StanzaPurpose;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReference;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReferences;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/// Which Clusters archive to a Stanza by their manifests, found without a look at all Clusters.
public final class ArchivingClusters {

  /// Stands for all Stanzas of its namespace: Kubernetes has no object without a name.
  private static final String UNREADABLE = "";

  private final Map<ObjectKey, ObjectKey> stanzas = new ConcurrentHashMap<>();
  private final ConcurrentMap<ObjectKey, Set<ObjectKey>> clusters = new ConcurrentHashMap<>();

  /// Those whose reference can be read.
  public List<ObjectKey> of(ObjectKey stanza) {
    return List.copyOf(clusters.getOrDefault(stanza, Set.of()));
  }

  /// Clusters of a namespace that archive by our plugin to a Stanza that cannot be told, because
  /// their parameters are wrong.
  public List<ObjectKey> unreadable(String namespace) {
    return of(new ObjectKey(namespace, UNREADABLE));
  }

  void put(ObjectKey key, Cluster cluster) {
    move(key, stanza(cluster));
  }

  void remove(ObjectKey key) {
    move(key, null);
  }

  private void move(ObjectKey cluster, @Nullable ObjectKey stanza) {
    var former = stanza == null ? stanzas.remove(cluster) : stanzas.put(cluster, stanza);
    if (stanza != null) {
      clusters.compute(
          stanza,
          (_, present) -> {
            var now = present == null ? ConcurrentHashMap.<ObjectKey>newKeySet() : present;
            now.add(cluster);
            return now;
          });
    }
    if (former != null && !former.equals(stanza)) {
      clusters.computeIfPresent(
          former,
          (_, present) -> {
            present.remove(cluster);
            return present.isEmpty() ? null : present;
          });
    }
  }

  private static @Nullable ObjectKey stanza(Cluster cluster) {
    if (!cluster.archivesHere()) {
      return null;
    }
    try {
      return StanzaReferences.of(cluster)
          .find(StanzaPurpose.ARCHIVE)
          .map(StanzaReference::stanzaName)
          .map(name -> new ObjectKey(cluster.namespace(), name))
          .orElse(null);
    } catch (InvalidStanzaException _) {
      return new ObjectKey(cluster.namespace(), UNREADABLE);
    }
  }
}
