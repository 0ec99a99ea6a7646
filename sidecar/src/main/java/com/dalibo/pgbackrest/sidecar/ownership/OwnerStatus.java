package com.dalibo.pgbackrest.sidecar.ownership;

import com.dalibo.pgbackrest.sidecar.kubernetes.KubernetesException;
import com.dalibo.pgbackrest.sidecar.kubernetes.StanzaClient;
import com.dalibo.pgbackrest.stanza.api.ApiWriter;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.status.StanzaOwner;
import com.dalibo.pgbackrest.stanza.rendering.ForbiddenException;
import com.dalibo.pgbackrest.stanza.rendering.UnavailableException;
import com.google.gson.JsonObject;
import java.util.Optional;

/// The record of which cluster writes to a stanza: `status.owner`. It is only ever changed from
/// what it says: another cluster, the operator and a person write there too.
public final class OwnerStatus {
  private static final int ATTEMPTS = 5;

  private final StanzaClient stanzas;

  public OwnerStatus(StanzaClient stanzas) {
    this.stanzas = stanzas;
  }

  /// A change of the owner on record.
  ///
  /// @param <X> why it cannot be said
  public interface Change<X extends Exception> {
    /// The owner to be recorded in place of what the Stanza says; empty where that is right.
    Optional<StanzaOwner> of(Stanza read) throws X;
  }

  public Stanza read(Stanza stanza)
      throws InvalidStanzaException,
          ForbiddenException,
          UnavailableException,
          InterruptedException {
    return stanzas.get(stanza.namespace(), stanza.name());
  }

  /// Where the Stanza has become another one meanwhile, what it says now is judged. That is no
  /// [Retry][com.dalibo.pgbackrest.sidecar.failure.Retry]: the second attempt may write something
  /// else, or nothing.
  ///
  /// @return whether anything was recorded
  public <X extends Exception> boolean update(Stanza stanza, Change<X> change)
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
