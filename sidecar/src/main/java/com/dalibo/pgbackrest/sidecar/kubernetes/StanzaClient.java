package com.dalibo.pgbackrest.sidecar.kubernetes;

import com.dalibo.pgbackrest.cnpgi.object.JsonTree;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.reason.ClusterReason;
import com.dalibo.pgbackrest.stanza.rendering.ForbiddenException;
import com.dalibo.pgbackrest.stanza.rendering.SecretReader;
import com.dalibo.pgbackrest.stanza.rendering.UnavailableException;
import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Stanzas and what they refer to, as the Kubernetes API has them now.
public final class StanzaClient implements SecretReader {

  private final KubernetesApi api;

  public StanzaClient(KubernetesApi api) {
    this.api = api;
  }

  private static String path(String namespace, String name) {
    return "/apis/%s/namespaces/%s/%s/%s"
        .formatted(Stanza.API_VERSION, namespace, Stanza.PLURAL, name);
  }

  /// The Stanza as it is now; an [InvalidStanzaException] says that there is none, or that it
  /// cannot be read.
  public Stanza get(String namespace, String name)
      throws InvalidStanzaException,
          ForbiddenException,
          UnavailableException,
          InterruptedException {
    var object = object("stanza", namespace, name, path(namespace, name));
    if (object.isEmpty()) {
      throw new InvalidStanzaException(
          ClusterReason.STANZA_NOT_FOUND,
          "there is no Stanza '%s' in namespace '%s'; create it, or correct 'stanzaRef' in the Cluster"
              .formatted(name, namespace));
    }
    return Stanza.parse(object.get());
  }

  /// Changes what `status` names, if the Stanza is still as it was read: else the answer is a
  /// conflict, and what it says now has to be judged.
  public void patchStatus(Stanza stanza, JsonObject status)
      throws KubernetesException, InterruptedException {
    var metadata = new JsonObject();
    metadata.addProperty("resourceVersion", stanza.metadata().resourceVersion());
    var patch = new JsonObject();
    patch.add("metadata", metadata);
    patch.add("status", status);
    var _ = api.patchStatus(path(stanza.namespace(), stanza.name()), patch);
  }

  @Override
  public Optional<Map<String, byte[]>> secret(String namespace, String name)
      throws ForbiddenException, UnavailableException, InterruptedException {
    return core("secret", namespace, name)
        .map(secret -> JsonTree.of("Secret", secret))
        .map(secret -> decoded(secret.get("data")));
  }

  @Override
  public Optional<Map<String, byte[]>> configMap(String namespace, String name)
      throws ForbiddenException, UnavailableException, InterruptedException {
    return core("configmap", namespace, name)
        .map(configMap -> JsonTree.of("ConfigMap", configMap))
        .map(
            configMap -> {
              var data = decoded(configMap.get("binaryData"));
              configMap
                  .get("data")
                  .texts()
                  .forEach((key, text) -> data.put(key, text.getBytes(StandardCharsets.UTF_8)));
              return data;
            });
  }

  /// An object of the core API.
  private Optional<JsonObject> core(String kind, String namespace, String name)
      throws ForbiddenException, UnavailableException, InterruptedException {
    return object(
        kind, namespace, name, "/api/v1/namespaces/%s/%ss/%s".formatted(namespace, kind, name));
  }

  private Optional<JsonObject> object(String kind, String namespace, String name, String path)
      throws ForbiddenException, UnavailableException, InterruptedException {
    try {
      return Optional.of(api.get(path));
    } catch (KubernetesException refusal) {
      if (refusal.notFound()) {
        return Optional.empty();
      }
      if (refusal.forbidden()) {
        throw new ForbiddenException(
            ("%s '%s' in namespace '%s' may not be read by this pod's service account; the plugin's operator"
                    + " grants that permission within a minute: if the error persists, check that the operator is running, and its log")
                .formatted(kind, name, namespace),
            refusal);
      }
      throw new UnavailableException(
          "%s '%s' in namespace '%s' cannot be read now: %s"
              .formatted(kind, name, namespace, refusal.getMessage()),
          refusal);
    }
  }

  private static Map<String, byte[]> decoded(JsonTree values) {
    var data = new HashMap<String, byte[]>();
    values.texts().forEach((key, text) -> data.put(key, Base64.getDecoder().decode(text)));
    return data;
  }
}
