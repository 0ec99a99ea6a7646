package com.dalibo.pgbackrest.operator.permissions;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReferences;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.stream.Collectors;

/// Keeps the rights of all clusters in step with their Stanzas, which may change or appear after
/// the pods have started.
public final class RoleRefresh {

  private static final Log LOG = Log.of(RoleRefresh.class);

  private final Inventory inventory;
  private final RoleGrants rights;

  public RoleRefresh(Inventory inventory, RoleGrants rights) {
    this.inventory = inventory;
    this.rights = rights;
  }

  public void grant() {
    if (!inventory.isComplete()) {
      return;
    }
    var clusters = inventory.clusters();
    clusters.forEach(this::grant);
    rights.keepOnly(
        clusters.stream()
            .map(cluster -> new ObjectKey(cluster.namespace(), cluster.name()))
            .collect(Collectors.toSet()));
  }

  // One cluster that cannot be served, such as one in a namespace that is going away, does not keep
  // the others waiting.
  private void grant(Cluster cluster) {
    var references = StanzaReferences.of(cluster).valid();
    if (references.isEmpty()) {
      return;
    }
    try {
      rights.grant(SidecarPermissions.of(cluster, references, inventory));
    } catch (KubernetesClientException e) {
      LOG.warning(
          "the rights of the sidecars were not refreshed",
          "cluster",
          cluster.namespace() + "/" + cluster.name(),
          "reason",
          e.getMessage());
    }
  }
}
