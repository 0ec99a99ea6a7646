package com.dalibo.pgbackrest.operator.adoption;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.operator.inventory.Kinds;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The Backups of a namespace in the API server.
final class BackupObjects {

  private static final Log LOG = Log.of(BackupObjects.class);

  /// Backups that the API server is asked for at a time; there may be many thousand.
  private static final long PAGE = 500;

  private final KubernetesClient client;

  BackupObjects(KubernetesClient client) {
    this.client = client;
  }

  List<FoundBackup> list(String namespace) {
    var found = new ArrayList<FoundBackup>();
    String next = null;
    do {
      var page =
          client
              .genericKubernetesResources(Kinds.BACKUPS)
              .inNamespace(namespace)
              .list(new ListOptionsBuilder().withLimit(PAGE).withContinue(next).build());
      page.getItems().stream().map(FoundBackup::of).forEach(found::add);
      next = page.getMetadata().getContinue();
    } while (next != null && !next.isEmpty());
    return found;
  }

  boolean hasCluster(String namespace, String name) {
    return client
            .genericKubernetesResources(Kinds.CLUSTERS)
            .inNamespace(namespace)
            .withName(name)
            .get()
        != null;
  }

  /// Creates the object and writes its status; an object whose status cannot be written is removed.
  ///
  /// @param halfMade uid of one that an operator has left without a status
  /// @return whether it is there now; not where an object of somebody else has its name
  boolean adopt(AdoptedObject adopted, Optional<String> halfMade) {
    if (halfMade.isPresent()) {
      return complete(adopted, halfMade.get());
    }
    var created = create(adopted);
    if (created.isEmpty()) {
      return false;
    }
    var uid = created.get().getMetadata().getUid();
    try {
      return complete(adopted, uid);
    } catch (KubernetesClientException e) {
      delete(adopted.stanza().namespace(), adopted.name(), uid);
      throw e;
    }
  }

  private Optional<GenericKubernetesResource> create(AdoptedObject adopted) {
    try {
      var created =
          client
              .genericKubernetesResources(Kinds.BACKUPS)
              .inNamespace(adopted.stanza().namespace())
              .resource(adopted.object())
              .create();
      LOG.info(
          "created a Backup object for a backup that has none",
          "backup",
          adopted.stanza().namespace() + "/" + adopted.name(),
          "stanza",
          adopted.stanza().name());
      return Optional.of(created);
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /// Writes the status of the object with this uid, and of no other one of its name.
  private boolean complete(AdoptedObject adopted, String uid) {
    var patch = Map.of("metadata", Map.of("uid", uid), "status", adopted.status());
    try {
      var _ =
          backup(adopted.stanza().namespace(), adopted.name())
              .subresource("status")
              .patch(
                  PatchContext.of(PatchType.JSON_MERGE),
                  client.getKubernetesSerialization().asJson(patch));
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND
          || e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return false;
      }
      throw e;
    }
  }

  void delete(String namespace, String name, String uid) {
    var present = backup(namespace, name).get();
    if (present != null && present.getMetadata().getUid().equals(uid)) {
      var _ =
          client
              .genericKubernetesResources(Kinds.BACKUPS)
              .inNamespace(namespace)
              .resource(present)
              .lockResourceVersion()
              .delete();
    }
  }

  private Resource<GenericKubernetesResource> backup(String namespace, String name) {
    return client.genericKubernetesResources(Kinds.BACKUPS).inNamespace(namespace).withName(name);
  }
}
