package com.dalibo.pgbackrest.sidecar.kubernetes;

import com.dalibo.pgbackrest.cnpgi.object.Backup;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.google.gson.JsonObject;
import java.util.Objects;

/// An object that users look at, by what the API server knows it by; events are about one.
///
/// @param uid empty where it is not known: the event then shows up under the name alone
public record ObjectReference(
    String apiVersion, String kind, String namespace, String name, String uid) {
  public static ObjectReference of(Cluster cluster) {
    return new ObjectReference(
        Cluster.API_VERSION, "Cluster", cluster.namespace(), cluster.name(), cluster.uid());
  }

  public static ObjectReference of(Cluster cluster, Backup backup) {
    var namespace = backup.namespace().isEmpty() ? cluster.namespace() : backup.namespace();
    return new ObjectReference(
        Cluster.API_VERSION, "Backup", namespace, backup.name(), backup.uid());
  }

  public static ObjectReference of(Cluster cluster, Stanza stanza) {
    return of(stanza, cluster.namespace());
  }

  public static ObjectReference of(Stanza stanza) {
    return of(stanza, stanza.namespace());
  }

  private static ObjectReference of(Stanza stanza, String namespace) {
    return new ObjectReference(
        Stanza.API_VERSION,
        Stanza.KIND,
        namespace,
        stanza.name(),
        Objects.requireNonNullElse(stanza.metadata().uid(), ""));
  }

  /// The object that a [#reference()] is to.
  public static ObjectReference of(JsonObject reference) {
    return new ObjectReference(
        reference.get("apiVersion").getAsString(),
        reference.get("kind").getAsString(),
        reference.get("namespace").getAsString(),
        reference.get("name").getAsString(),
        reference.has("uid") ? reference.get("uid").getAsString() : "");
  }

  /// As an event refers to it.
  public JsonObject reference() {
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
