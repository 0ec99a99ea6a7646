package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.cnpgi.Backup;
import com.dalibo.pgbackrest.cnpgi.Cluster;
import com.dalibo.pgbackrest.stanza.Stanza;
import com.google.gson.JsonObject;
import java.util.Objects;

/// An object that users look at, by what the API server knows it by; events are about one.
///
/// @param uid empty where it is not known: the event then shows up under the name alone
record KubernetesObject(String apiVersion, String kind, String namespace, String name, String uid) {
  static final String CNPG = "postgresql.cnpg.io/v1";

  static KubernetesObject of(Cluster cluster) {
    return new KubernetesObject(
        CNPG, "Cluster", cluster.namespace(), cluster.name(), cluster.uid());
  }

  static KubernetesObject of(Cluster cluster, Backup backup) {
    var namespace = backup.namespace().isEmpty() ? cluster.namespace() : backup.namespace();
    return new KubernetesObject(CNPG, "Backup", namespace, backup.name(), backup.uid());
  }

  static KubernetesObject of(Cluster cluster, Stanza stanza) {
    return new KubernetesObject(
        Stanza.API_VERSION,
        Stanza.KIND,
        cluster.namespace(),
        stanza.name(),
        Objects.requireNonNullElse(stanza.metadata().uid(), ""));
  }

  /// The object that a [#reference()] is to.
  static KubernetesObject of(JsonObject reference) {
    return new KubernetesObject(
        reference.get("apiVersion").getAsString(),
        reference.get("kind").getAsString(),
        reference.get("namespace").getAsString(),
        reference.get("name").getAsString(),
        reference.has("uid") ? reference.get("uid").getAsString() : "");
  }

  /// As an event refers to it.
  JsonObject reference() {
    var reference = new JsonObject();
    reference.addProperty("apiVersion", apiVersion);
    reference.addProperty("kind", kind);
    reference.addProperty("name", name);
    reference.addProperty("namespace", namespace);
    if (!uid.isEmpty()) {
      reference.addProperty("uid", uid);
    }
    return reference;
  }
}
