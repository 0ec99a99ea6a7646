package com.dalibo.pgbackrest.sidecar.kubernetes;

import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.plan.RestorePlan;
import com.google.gson.JsonObject;
import java.util.Optional;

/// RestorePlans, as the Kubernetes API has them now.
public final class RestorePlanClient {

  private final KubernetesApi api;

  public RestorePlanClient(KubernetesApi api) {
    this.api = api;
  }

  private static String path(String namespace, String name) {
    return "/apis/%s/namespaces/%s/%s/%s"
        .formatted(Stanza.API_VERSION, namespace, RestorePlan.PLURAL, name);
  }

  /// The plan as it is now, if it is there.
  public Optional<RestorePlan> get(String namespace, String name)
      throws InvalidStanzaException, KubernetesException, InterruptedException {
    try {
      return Optional.of(RestorePlan.parse(api.get(path(namespace, name))));
    } catch (KubernetesException refusal) {
      if (refusal.notFound()) {
        return Optional.empty();
      }
      throw refusal;
    }
  }

  /// Changes what `status` names, if the plan is still as it was read: else the answer is a
  /// conflict.
  public void patchStatus(RestorePlan plan, JsonObject status)
      throws KubernetesException, InterruptedException {
    var metadata = new JsonObject();
    metadata.addProperty("resourceVersion", plan.metadata().resourceVersion());
    var patch = new JsonObject();
    patch.add("metadata", metadata);
    patch.add("status", status);
    var _ = api.patchStatus(path(plan.namespace(), plan.name()), patch);
  }
}
