package com.dalibo.pgbackrest.operator.injection;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.cluster.StanzaPurpose;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReference;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReferences;
import com.dalibo.pgbackrest.stanza.contract.SidecarMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Whether a pod gets the sidecar: decided from the Cluster and the object alone.
public sealed interface Injection {

  /// The sidecar goes beside `container`, in order of importance for the stanzas in `references`.
  ///
  /// @param pluginConfig the PluginConfig that says how the sidecar looks, where one is named
  /// @param recoversFromSnapshots whether a new cluster gets its data from volume snapshots here
  record Inject(
      SidecarMode mode,
      String container,
      List<StanzaReference> references,
      Optional<String> pluginConfig,
      boolean recoversFromSnapshots)
      implements Injection {}

  /// The object is none of our business.
  record Leave(String reason) implements Injection {}

  /// The container of PostgreSQL in an instance pod.
  String POSTGRES = "postgres";

  /// A reference that cannot be read is an error and not an answer: to leave the sidecar out would
  /// restart PostgreSQL.
  static Injection of(Cluster cluster, Workload workload) throws InvalidStanzaException {
    return switch (workload) {
      case Workload.Instance instance -> instance(cluster, instance);
      case Workload.Job job -> job(cluster, job);
      case Workload.Other other -> new Leave("kind '" + other.kind() + "' runs no PostgreSQL");
    };
  }

  /// CNPG compares pods with what it is answered before `bootstrap-instance` is in them. So what a
  /// recovery needs beyond that goes into the one pod that recovers, and its end restarts nothing.
  private static Injection instance(Cluster cluster, Workload.Instance instance)
      throws InvalidStanzaException {
    var lasting = references(cluster, StanzaPurpose.ARCHIVE, StanzaPurpose.REPLICA_SOURCE);
    var recovery =
        recovers(cluster, instance.bootstrap())
            ? references(cluster, StanzaPurpose.RECOVERY)
            : List.<StanzaReference>of();
    if (lasting.isEmpty() && recovery.isEmpty()) {
      return new Leave("the cluster names no stanza of its own and no stanza to replicate from");
    }
    return new Inject(
        SidecarMode.INSTANCE,
        POSTGRES,
        Stream.concat(lasting.stream(), recovery.stream()).toList(),
        pluginConfig(lasting.isEmpty() ? recovery : lasting),
        !recovery.isEmpty() && recoversFromSnapshots(cluster, instance.bootstrap()));
  }

  private static Injection job(Cluster cluster, Workload.Job job) throws InvalidStanzaException {
    if (!RECOVERY_JOBS.contains(job.role())) {
      return new Leave("a job with the role '" + job.role() + "' recovers nothing");
    }
    if (references(cluster, StanzaPurpose.RECOVERY).isEmpty()) {
      return new Leave("the cluster is not recovered from a stanza");
    }
    var references =
        references(
            cluster, StanzaPurpose.RECOVERY, StanzaPurpose.ARCHIVE, StanzaPurpose.REPLICA_SOURCE);
    return new Inject(
        SidecarMode.RESTORE,
        job.role(),
        references,
        pluginConfig(references),
        recoversFromSnapshots(cluster, job.bootstrap()));
  }

  /// Before there is a primary nothing but the Cluster's own bootstrap runs.
  private static boolean recovers(Cluster cluster, Optional<Bootstrap> bootstrap) {
    return bootstrap.filter(work -> work.isRecovery() || cluster.isBootstrapping()).isPresent();
  }

  private static boolean recoversFromSnapshots(Cluster cluster, Optional<Bootstrap> bootstrap) {
    return bootstrap.filter(Bootstrap::isRecoveryFromSnapshots).isPresent()
        || (cluster.isBootstrapping() && cluster.isRecoveredFromSnapshots());
  }

  private static Optional<String> pluginConfig(List<StanzaReference> references) {
    return references.stream()
        .flatMap(reference -> reference.pluginConfigName().stream())
        .findFirst();
  }

  private static List<StanzaReference> references(Cluster cluster, StanzaPurpose... purposes)
      throws InvalidStanzaException {
    var references = new ArrayList<StanzaReference>();
    for (var purpose : purposes) {
      StanzaReferences.of(cluster).find(purpose).ifPresent(references::add);
    }
    return List.copyOf(references);
  }

  /// The jobs in which WAL is fetched; their main container has the same name.
  List<String> RECOVERY_JOBS = List.of("full-recovery", "snapshot-recovery");
}
