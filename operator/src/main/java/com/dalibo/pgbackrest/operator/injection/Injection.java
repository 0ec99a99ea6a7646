package com.dalibo.pgbackrest.operator.injection;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.cluster.Purpose;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReference;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReferences;
import java.util.ArrayList;
import java.util.List;

/// Whether a pod gets the sidecar: decided from the Cluster and the object alone.
public sealed interface Injection {

  /// The sidecar goes beside `container`, in order of importance for the stanzas in `references`.
  record Inject(SidecarMode role, String container, List<StanzaReference> references)
      implements Injection {}

  /// The object is none of our business.
  record Leave(String reason) implements Injection {}

  /// The container of PostgreSQL in an instance pod.
  String POSTGRES = "postgres";

  /// A reference that cannot be read is an error and not an answer: to leave the sidecar out would
  /// restart PostgreSQL.
  static Injection of(Cluster cluster, Workload workload) throws InvalidStanzaException {
    return switch (workload) {
      case Workload.Instance _ -> instance(cluster);
      case Workload.Job job -> job(cluster, job);
      case Workload.Other other -> new Leave("kind '" + other.kind() + "' holds no PostgreSQL");
    };
  }

  private static Injection instance(Cluster cluster) throws InvalidStanzaException {
    var references = references(cluster, Purpose.ARCHIVE, Purpose.REPLICA_SOURCE);
    return references.isEmpty()
        ? new Leave("the cluster names no stanza of its own and no stanza to replicate from")
        : new Inject(SidecarMode.INSTANCE, POSTGRES, references);
  }

  private static Injection job(Cluster cluster, Workload.Job job) throws InvalidStanzaException {
    if (!RECOVERY_JOBS.contains(job.role())) {
      return new Leave("a job with the role '" + job.role() + "' recovers nothing");
    }
    if (references(cluster, Purpose.RECOVERY).isEmpty()) {
      return new Leave("the cluster is not recovered from a stanza");
    }
    return new Inject(
        SidecarMode.RESTORE,
        job.role(),
        references(cluster, Purpose.RECOVERY, Purpose.ARCHIVE, Purpose.REPLICA_SOURCE));
  }

  private static List<StanzaReference> references(Cluster cluster, Purpose... purposes)
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
