package com.dalibo.pgbackrest.operator.status;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.cnpgi.object.PluginEntry;
import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.status.StanzaOwner;
import com.dalibo.pgbackrest.stanza.cluster.Purpose;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReferences;
import java.util.Objects;
import java.util.Optional;

/// Stanzas to which nobody archives any more though somebody did: the sidecar that would say so in
/// the status is gone, or looks elsewhere.
final class OwnerPresence {
  private final Inventory inventory;

  OwnerPresence(Inventory inventory) {
    this.inventory = inventory;
  }

  Optional<Problem> of(Stanza stanza) {
    var status = stanza.status();
    var owner = status == null ? null : status.owner();
    if (owner == null || owner.uid() == null || !inventory.isComplete()) {
      return Optional.empty();
    }
    var cluster =
        inventory.clusters().stream().filter(known -> known.uid().equals(owner.uid())).findFirst();
    if (cluster.isEmpty()) {
      return Optional.of(gone(owner));
    }
    return archivesTo(cluster.get(), stanza)
        ? Optional.empty()
        : Optional.of(turnedAway(cluster.get()));
  }

  /// A reference that cannot be read may be meant for this Stanza.
  private static boolean archivesTo(Cluster cluster, Stanza stanza) {
    try {
      return cluster.plugin().filter(PluginEntry::isWalArchiver).isPresent()
          && StanzaReferences.of(cluster)
              .find(Purpose.ARCHIVE)
              .filter(reference -> reference.stanzaName().equals(stanza.name()))
              .isPresent();
    } catch (InvalidStanzaException _) {
      return true;
    }
  }

  private static Problem gone(StanzaOwner owner) {
    return new Problem(
        "ClusterGone",
        "cluster '%s', which archived here, is gone: nothing is archived any more. What is here can be restored to a new Cluster"
            .formatted(Objects.requireNonNullElse(owner.cluster(), "")));
  }

  private static Problem turnedAway(Cluster cluster) {
    return new Problem(
        "PluginDisabled",
        ("cluster '%s' does not archive here any more: its spec.plugins has no entry for this Stanza that is enabled and"
                + " isWALArchiver. What is written meanwhile cannot be restored from here; when it archives"
                + " here again, take a new backup at once")
            .formatted(cluster.name()));
  }
}
