package com.dalibo.pgbackrest.stanza.cluster;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import java.util.List;
import java.util.Optional;

/// Which stanza an instance fetches its WAL from.
///
/// | in this order                                        | store                               |
/// | ---------------------------------------------------- | ----------------------------------- |
/// | the instance is the primary and there is a source to | that source: the designated primary |
/// | replicate from                                       | of a replica cluster                |
/// | there is no primary yet                              | the recovery source, else the       |
/// |                                                      | source to replicate from, else own  |
/// | otherwise: standbys, pg_rewind, a former primary     | own, else the source to replicate   |
/// |                                                      | from                                |
///
/// Own is only a store that the cluster archives to. A restored cluster may name the stanza of its
/// origin without archiving to it; what its standbys would find there under their own timeline was
/// written by the origin.
public final class WalSource {
  private WalSource() {}

  /// Empty when there is nothing to fetch from: no file is there.
  public static Optional<StanzaReference> choose(Cluster cluster, String instanceName)
      throws InvalidStanzaException {
    var references = StanzaReferences.of(cluster);
    for (var purpose : order(cluster, instanceName)) {
      if (purpose == StanzaPurpose.ARCHIVE && !archives(cluster)) {
        continue;
      }
      var reference = references.find(purpose);
      if (reference.isPresent()) {
        return reference;
      }
    }
    return Optional.empty();
  }

  private static List<StanzaPurpose> order(Cluster cluster, String instanceName) {
    var primary = cluster.currentPrimary();
    if (primary.isEmpty()) {
      return List.of(StanzaPurpose.RECOVERY, StanzaPurpose.REPLICA_SOURCE, StanzaPurpose.ARCHIVE);
    }
    return primary.get().equals(instanceName)
        ? List.of(StanzaPurpose.REPLICA_SOURCE, StanzaPurpose.ARCHIVE)
        : List.of(StanzaPurpose.ARCHIVE, StanzaPurpose.REPLICA_SOURCE);
  }

  private static boolean archives(Cluster cluster) {
    return cluster.archivesHere();
  }
}
