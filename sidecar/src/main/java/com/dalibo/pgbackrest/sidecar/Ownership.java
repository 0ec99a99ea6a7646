package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.cnpgi.Cluster;
import com.dalibo.pgbackrest.stanza.ForbiddenException;
import com.dalibo.pgbackrest.stanza.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.Stanza;
import com.dalibo.pgbackrest.stanza.Stanzas;
import com.dalibo.pgbackrest.stanza.UnavailableException;
import com.google.gson.JsonObject;
import java.util.OptionalLong;

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

  /// Succeeds only if the Stanza is still as it was read: else the answer is a conflict, and what
  /// it says now has to be judged.
  void record(Stanza stanza, Cluster cluster, OptionalLong systemIdentifier)
      throws KubernetesException, InterruptedException {
    var owner = new JsonObject();
    owner.addProperty("cluster", cluster.name());
    owner.addProperty("uid", cluster.uid());
    systemIdentifier.ifPresent(
        identifier -> owner.addProperty("systemIdentifier", Long.toUnsignedString(identifier)));
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
