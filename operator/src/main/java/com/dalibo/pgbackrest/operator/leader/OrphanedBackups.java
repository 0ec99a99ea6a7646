package com.dalibo.pgbackrest.operator.leader;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.operator.inventory.Kinds;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.dalibo.pgbackrest.stanza.contract.SidecarContract;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Map;

/// Lets deleted Backup objects go whose Cluster is gone: the sidecar that would remove our
/// finalizer (`deletionPolicy: ExpireBackup`) is gone with it. Nothing is removed from a
/// repository.
public final class OrphanedBackups {

  private static final Log LOG = Log.of(OrphanedBackups.class);

  /// Backups that the API server is asked for at a time; there may be many thousand.
  private static final long PAGE = 500;

  private final KubernetesClient client;
  private final Inventory inventory;

  public OrphanedBackups(KubernetesClient client, Inventory inventory) {
    this.client = client;
    this.inventory = inventory;
  }

  public void release() {
    if (!inventory.isComplete()) {
      return;
    }
    String next = null;
    do {
      var page =
          client
              .genericKubernetesResources(Kinds.BACKUPS)
              .inAnyNamespace()
              .list(new ListOptionsBuilder().withLimit(PAGE).withContinue(next).build());
      page.getItems().stream()
          .filter(backup -> backup.getMetadata().getDeletionTimestamp() != null)
          .filter(
              backup -> backup.getMetadata().getFinalizers().contains(SidecarContract.FINALIZER))
          .filter(this::isOrphan)
          .forEach(this::release);
      next = page.getMetadata().getContinue();
    } while (next != null && !next.isEmpty());
  }

  /// Asked of the API server: the inventory may not have heard of a Cluster yet.
  private boolean isOrphan(GenericKubernetesResource backup) {
    return backup.getAdditionalProperties().get("spec") instanceof Map<?, ?> spec
        && spec.get("cluster") instanceof Map<?, ?> cluster
        && cluster.get("name") instanceof String name
        && inventory.cluster(new ObjectKey(backup.getMetadata().getNamespace(), name)).isEmpty()
        && client
                .genericKubernetesResources(Kinds.CLUSTERS)
                .inNamespace(backup.getMetadata().getNamespace())
                .withName(name)
                .get()
            == null;
  }

  private void release(GenericKubernetesResource backup) {
    var metadata = backup.getMetadata();
    try {
      client
          .genericKubernetesResources(Kinds.BACKUPS)
          .inNamespace(metadata.getNamespace())
          .withName(metadata.getName())
          .edit(
              now -> {
                now.getMetadata().getFinalizers().remove(SidecarContract.FINALIZER);
                return now;
              });
      LOG.info(
          "removed the finalizer of a deleted Backup whose Cluster is gone",
          "backup",
          metadata.getNamespace() + "/" + metadata.getName());
    } catch (KubernetesClientException e) {
      LOG.warning(
          "cannot remove the finalizer of a deleted Backup whose Cluster is gone",
          "backup",
          metadata.getNamespace() + "/" + metadata.getName(),
          "cause",
          e.getMessage());
    }
  }
}
