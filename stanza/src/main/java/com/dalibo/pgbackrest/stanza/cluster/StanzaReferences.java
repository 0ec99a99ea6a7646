package com.dalibo.pgbackrest.stanza.cluster;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.cnpgi.object.ExternalCluster;
import com.dalibo.pgbackrest.cnpgi.object.PluginEntry;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.reason.ClusterReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The stanzas a cluster names, one for each purpose at most. A mistake in one does not hide the
/// others.
public final class StanzaReferences {
  private final Cluster cluster;

  private StanzaReferences(Cluster cluster) {
    this.cluster = cluster;
  }

  public static StanzaReferences of(Cluster cluster) {
    return new StanzaReferences(cluster);
  }

  /// The stanza for a purpose; empty when the cluster does not use us for it.
  public Optional<StanzaReference> find(StanzaPurpose purpose) throws InvalidStanzaException {
    var parameters = parameters(purpose);
    if (parameters.isEmpty()) {
      return Optional.empty();
    }
    var read = PluginParameters.of(purpose, parameters.get(), where(purpose));
    return Optional.of(
        new StanzaReference(
            purpose, read.stanzaRef(), read.pluginConfigRef(), read.selectedRepository()));
  }

  /// The stanza for a purpose that the caller cannot do without.
  public StanzaReference get(StanzaPurpose purpose) throws InvalidStanzaException {
    return find(purpose)
        .orElseThrow(
            () ->
                new InvalidStanzaException(
                    ClusterReason.STANZA_NOT_NAMED,
                    "the Cluster '%s' names no stanza; add parameter 'stanzaRef' in %s"
                        .formatted(cluster.name(), where(purpose))));
  }

  /// Those that can be read.
  public List<StanzaReference> valid() {
    var references = new ArrayList<StanzaReference>();
    for (var purpose : StanzaPurpose.values()) {
      try {
        find(purpose).ifPresent(references::add);
      } catch (InvalidStanzaException _) {
        // told by problems()
      }
    }
    return List.copyOf(references);
  }

  /// What the user has to change about the others.
  public List<Problem> problems() {
    var problems = new ArrayList<Problem>();
    for (var purpose : StanzaPurpose.values()) {
      try {
        var _ = find(purpose);
      } catch (InvalidStanzaException e) {
        problems.addAll(e.problems());
      }
    }
    return problems.stream().distinct().toList();
  }

  private Optional<Map<String, String>> parameters(StanzaPurpose purpose) {
    return switch (purpose) {
      case ARCHIVE -> cluster.plugin().map(PluginEntry::parameters);
      case RECOVERY -> parameters(cluster.recoverySource());
      case REPLICA_SOURCE -> parameters(cluster.replicaSource());
    };
  }

  private static Optional<Map<String, String>> parameters(Optional<ExternalCluster> source) {
    return source.flatMap(ExternalCluster::plugin).map(PluginEntry::parameters);
  }

  private String where(StanzaPurpose purpose) {
    return switch (purpose) {
      case ARCHIVE -> "spec.plugins of the Cluster '%s'".formatted(cluster.name());
      case RECOVERY -> external(cluster.recoverySource());
      case REPLICA_SOURCE -> external(cluster.replicaSource());
    };
  }

  private String external(Optional<ExternalCluster> source) {
    return source
        .map(
            external ->
                "the plugin of external cluster '%s' of the Cluster '%s'"
                    .formatted(external.name(), cluster.name()))
        .orElseGet(
            () ->
                "the plugin of an external cluster of the Cluster '%s'".formatted(cluster.name()));
  }
}
