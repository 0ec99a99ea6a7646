package com.dalibo.pgbackrest.operator.permissions;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReferences;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Keeps the rights of all clusters in step with their Stanzas, which may change or appear after
/// the pods have started.
public final class RoleRefresh {

  private static final Log LOG = Log.of(RoleRefresh.class);

  private final Inventory inventory;
  private final RoleGrants rights;
  private final FormerPermissions former;
  private final Consumer<Collection<Runnable>> workers;

  /// @param report says on a Cluster what happened to its objects
  /// @param workers grant to several clusters at a time
  public RoleRefresh(
      KubernetesClient client,
      InstantSource clock,
      Inventory inventory,
      RoleGrants rights,
      BiConsumer<Cluster, List<Problem>> report,
      Consumer<Collection<Runnable>> workers) {
    this.inventory = inventory;
    this.rights = rights;
    this.workers = workers;
    this.former = new FormerPermissions(client, clock, inventory, report);
  }

  public void grant() {
    if (!inventory.isComplete()) {
      return;
    }
    var clusters = inventory.clusters();
    workers.accept(clusters.stream().<Runnable>map(cluster -> () -> grant(cluster)).toList());
    rights.keepOnly(
        clusters.stream()
            .map(cluster -> new ObjectKey(cluster.namespace(), cluster.name()))
            .collect(Collectors.toSet()));
    former.keepOnly(clusters.stream().map(Cluster::uid).collect(Collectors.toSet()));
  }

  // One cluster that cannot be served, such as one in a namespace that is going away, does not keep
  // the others waiting.
  private void grant(Cluster cluster) {
    try {
      former.giveBack(cluster);
      var references = StanzaReferences.of(cluster).valid();
      if (references.isEmpty()) {
        return;
      }
      rights.grant(SidecarPermissions.of(cluster, references, inventory));
      former.remove(cluster);
    } catch (KubernetesClientException | TakenNameException e) {
      LOG.warning(
          "the permissions of the sidecars were not refreshed",
          "cluster",
          cluster.namespace() + "/" + cluster.name(),
          "cause",
          e.getMessage());
    } catch (RuntimeException e) {
      LOG.error(
          "the permissions of the sidecars cannot be determined",
          e,
          "cluster",
          cluster.namespace() + "/" + cluster.name());
    }
  }
}
