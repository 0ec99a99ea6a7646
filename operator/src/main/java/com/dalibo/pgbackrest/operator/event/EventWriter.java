package com.dalibo.pgbackrest.operator.event;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;

/// Writes events to the API server, each once as long as Kubernetes keeps it.
public final class EventWriter {

  private final KubernetesClient client;

  public EventWriter(KubernetesClient client) {
    this.client = client;
  }

  /// Writes it, unless there is one of its name.
  ///
  /// @return whether there was none
  public boolean create(ObjectEvent event) {
    try {
      var _ = client.resource(event.toKubernetes()).create();
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return false;
      }
      throw e;
    }
  }

  /// Gives the one that is there the time of this one.
  public void repeat(ObjectEvent event) {
    client
        .v1()
        .events()
        .inNamespace(event.subject().namespace())
        .withName(event.name())
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"lastTimestamp\":\"" + event.timestamp() + "\"}");
  }
}
