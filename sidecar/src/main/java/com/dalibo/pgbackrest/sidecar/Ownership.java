package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.stanza.ApiWriter;
import com.dalibo.pgbackrest.stanza.ForbiddenException;
import com.dalibo.pgbackrest.stanza.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.Stanza;
import com.dalibo.pgbackrest.stanza.StanzaOwner;
import com.dalibo.pgbackrest.stanza.UnavailableException;
import com.google.gson.JsonObject;
import java.util.Optional;

/// The record of which cluster writes to a stanza: `status.owner`. It is only ever changed from
/// what it says: another cluster, the operator and a person write there too.
final class Ownership {
  private static final int ATTEMPTS = 5;

  private final KubernetesStanzas stanzas;

  Ownership(KubernetesStanzas stanzas) {
    this.stanzas = stanzas;
  }

  /// @param <X> why it cannot be said
  interface Change<X extends Exception> {
    /// The owner to be recorded in place of what the Stanza says; empty where that is right.
    Optional<StanzaOwner> of(Stanza read) throws X;
  }

  Stanza read(Stanza stanza)
      throws InvalidStanzaException,
          ForbiddenException,
          UnavailableException,
          InterruptedException {
    return stanzas.get(stanza.namespace(), stanza.name());
  }

  /// Where the Stanza has become another one meanwhile, what it says now is judged.
  ///
  /// @return whether anything was recorded
  <X extends Exception> boolean update(Stanza stanza, Change<X> change)
      throws X,
          KubernetesException,
          InvalidStanzaException,
          ForbiddenException,
          UnavailableException,
          InterruptedException {
    var current = stanza;
    for (var attempt = 1; ; attempt++) {
      var owner = change.of(current);
      if (owner.isEmpty()) {
        return false;
      }
      var status = new JsonObject();
      status.add("owner", ApiWriter.mergePatch(owner.get()));
      try {
        stanzas.patchStatus(current, status);
        return true;
      } catch (KubernetesException refusal) {
        if (!refusal.conflict() || attempt == ATTEMPTS) {
          throw refusal;
        }
      }
      current = read(stanza);
    }
  }
}
