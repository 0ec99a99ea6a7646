package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.cnpgi.Cluster;
import com.dalibo.pgbackrest.stanza.ForbiddenException;
import com.dalibo.pgbackrest.stanza.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.RepositoryIdentity;
import com.dalibo.pgbackrest.stanza.Stanza;
import com.dalibo.pgbackrest.stanza.Stanzas;
import com.dalibo.pgbackrest.stanza.UnavailableException;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.OptionalLong;
import java.util.Set;

/// The record of which cluster writes to a stanza: `status.owner`.
final class Ownership {

  private final KubernetesApi api;
  private final Stanzas stanzas;

  Ownership(KubernetesApi api, Stanzas stanzas) {
    this.api = api;
    this.stanzas = stanzas;
  }

  Stanza read(Stanza stanza)
      throws InvalidStanzaException,
          ForbiddenException,
          UnavailableException,
          InterruptedException {
    return stanzas.get(stanza.namespace(), stanza.name());
  }

  /// Leaves the places of its repositories as they are on record.
  void record(Stanza stanza, Cluster cluster, OptionalLong systemIdentifier)
      throws KubernetesException, InterruptedException {
    patch(stanza, owner(cluster, systemIdentifier));
  }

  /// Succeeds only if the Stanza is still as it was read: else the answer is a conflict, and what
  /// it says now has to be judged.
  ///
  /// @param repositories where the cluster may write
  void record(
      Stanza stanza,
      Cluster cluster,
      OptionalLong systemIdentifier,
      Set<RepositoryIdentity> repositories)
      throws KubernetesException, InterruptedException {
    var owner = owner(cluster, systemIdentifier);
    var places = new JsonArray();
    repositories.stream().map(RepositoryIdentity::text).sorted().forEach(places::add);
    owner.add("repositories", places);
    patch(stanza, owner);
  }

  private static JsonObject owner(Cluster cluster, OptionalLong systemIdentifier) {
    var owner = new JsonObject();
    owner.addProperty("cluster", cluster.name());
    owner.addProperty("uid", cluster.uid());
    systemIdentifier.ifPresent(
        identifier -> owner.addProperty("systemIdentifier", Long.toUnsignedString(identifier)));
    return owner;
  }

  private void patch(Stanza stanza, JsonObject owner)
      throws KubernetesException, InterruptedException {
    var status = new JsonObject();
    status.add("owner", owner);
    var metadata = new JsonObject();
    metadata.addProperty("resourceVersion", stanza.metadata().resourceVersion());
    var patch = new JsonObject();
    patch.add("metadata", metadata);
    patch.add("status", status);
    var _ = api.patchStatus(KubernetesStanzas.path(stanza.namespace(), stanza.name()), patch);
  }
}
