package com.dalibo.pgbackrest.operator.leader;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.operator.inventory.Kinds;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.dalibo.pgbackrest.stanza.contract.AdoptedBackup;
import com.dalibo.pgbackrest.stanza.contract.SidecarContract;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/// Lets deleted Backup objects go whose Cluster is gone: the sidecar that would remove our
/// finalizer (`deletionPolicy: ExpireBackup`) is gone with it. And removes adopted ones that an
/// operator left unfinished: CNPG would wait for them with the backups of a new Cluster of that
/// name. Nothing is removed from a repository.
public final class OrphanedBackups {

  private static final Log LOG = Log.of(OrphanedBackups.class);

  /// Backups that the API server is asked for at a time; there may be many thousand.
  private static final long PAGE = 500;

  /// In which an adopted Backup gets its status.
  private static final Duration SETTLED = Duration.ofMinutes(2);

  private final KubernetesClient client;
  private final InstantSource clock;
  private final Inventory inventory;

  public OrphanedBackups(KubernetesClient client, InstantSource clock, Inventory inventory) {
    this.client = client;
    this.clock = clock;
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
      page.getItems().stream().filter(this::isUnfinished).forEach(this::remove);
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

  private boolean isUnfinished(GenericKubernetesResource backup) {
    var metadata = backup.getMetadata();
    return metadata.getDeletionTimestamp() == null
        && metadata.getLabels() != null
        && metadata.getLabels().containsKey(AdoptedBackup.LABEL)
        && !AdoptedBackup.COMPLETED.equals(backup.get("status", "phase"))
        && clock.instant().isAfter(Instant.parse(metadata.getCreationTimestamp()).plus(SETTLED));
  }

  private void remove(GenericKubernetesResource backup) {
    var name = backup.getMetadata().getNamespace() + "/" + backup.getMetadata().getName();
    try {
      var _ =
          client
              .genericKubernetesResources(Kinds.BACKUPS)
              .inNamespace(backup.getMetadata().getNamespace())
              .resource(backup)
              .lockResourceVersion()
              .delete();
      LOG.info("removed an adopted Backup that was not finished", "backup", name);
    } catch (KubernetesClientException e) {
      LOG.warning(
          "cannot remove an adopted Backup that was not finished",
          "backup",
          name,
          "cause",
          e.getMessage());
    }
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
