package com.dalibo.pgbackrest.operator.status;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.reason.StanzaReason;
import com.dalibo.pgbackrest.stanza.api.status.StanzaOwner;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;

/// Stanzas to which nobody archives any longer: the sidecar that would say so in the status is
/// gone, or looks elsewhere.
public final class StanzaOwnerCheck {
  private final Inventory inventory;

  public StanzaOwnerCheck(Inventory inventory) {
    this.inventory = inventory;
  }

  /// The Cluster that archives to a Stanza, as far as it is there.
  Optional<Cluster> owner(Stanza stanza) {
    var status = stanza.status();
    var owner = status == null ? null : status.owner();
    return inventory.isComplete() && owner != null && owner.uid() != null
        ? cluster(stanza, owner)
        : Optional.empty();
  }

  /// By its name, which costs the same beside a thousand others.
  private Optional<Cluster> cluster(Stanza stanza, StanzaOwner owner) {
    return Optional.ofNullable(owner.cluster())
        .flatMap(name -> inventory.cluster(new ObjectKey(stanza.namespace(), name)))
        .filter(known -> known.uid().equals(owner.uid()));
  }

  /// Whether the sidecar of a Cluster writes the status of this Stanza, or is going to: the Cluster
  /// archives there, and no other one is on record. True as long as it is unknown.
  public boolean isWritten(Stanza stanza) {
    var status = stanza.status();
    var owner = status == null ? null : status.owner();
    if (!inventory.isComplete() || !inventory.knowsClusters()) {
      return true;
    }
    if (owner == null || Objects.requireNonNullElse(owner.uid(), "").isEmpty()) {
      return !inventory.archiving().of(key(stanza)).isEmpty()
          || !inventory.archiving().unreadable(stanza.namespace()).isEmpty();
    }
    return cluster(stanza, owner).filter(known -> archivesTo(known, stanza)).isPresent();
  }

  private static ObjectKey key(Stanza stanza) {
    return new ObjectKey(stanza.namespace(), stanza.name());
  }

  /// By its manifest, or as far as can be told from one that cannot be read.
  private boolean archivesTo(Cluster cluster, Stanza stanza) {
    var key = new ObjectKey(cluster.namespace(), cluster.name());
    return inventory.archiving().of(key(stanza)).contains(key)
        || inventory.archiving().unreadable(stanza.namespace()).contains(key);
  }

  Optional<Problem> of(Stanza stanza) {
    var status = stanza.status();
    var owner = status == null ? null : status.owner();
    if (owner == null || owner.uid() == null || !inventory.isComplete()) {
      return Optional.empty();
    }
    var cluster = cluster(stanza, owner);
    if (cluster.isEmpty()) {
      return Optional.of(
          successor(stanza).map(next -> replaced(owner, next)).orElseGet(() -> gone(owner)));
    }
    return archivesTo(cluster.get(), stanza)
        ? Optional.empty()
        : Optional.of(turnedAway(cluster.get()));
  }

  /// One that was made anew under its name, or that goes on in its place.
  private Optional<Cluster> successor(Stanza stanza) {
    return inventory.archiving().of(key(stanza)).stream()
        .min(Comparator.comparing(ObjectKey::name))
        .flatMap(inventory::cluster);
  }

  private static Problem replaced(StanzaOwner owner, Cluster successor) {
    return new Problem(
        StanzaReason.OWNER_REPLACED,
        ("cluster '%s', which archived here, is gone, and Cluster '%s' has not archived here yet: "
                + "its event OwnershipRefused, if it has one, gives the remedy")
            .formatted(Objects.requireNonNullElse(owner.cluster(), ""), successor.name()));
  }

  private static Problem gone(StanzaOwner owner) {
    return new Problem(
        StanzaReason.CLUSTER_GONE,
        "cluster '%s', which archived here, is gone, so nothing is archived. The backups here can be restored to a new Cluster"
            .formatted(Objects.requireNonNullElse(owner.cluster(), "")));
  }

  private static Problem turnedAway(Cluster cluster) {
    return new Problem(
        StanzaReason.PLUGIN_DISABLED,
        ("cluster '%s' no longer archives here: its spec.plugins has no entry for this Stanza that"
                + " is enabled and isWALArchiver. What is written in the meantime cannot be restored"
                + " from here; when it archives here again, take a new backup immediately")
            .formatted(cluster.name()));
  }
}
