package com.dalibo.pgbackrest.sidecar.stanza;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.info.DatabaseInfo;
import com.dalibo.pgbackrest.postgres.ControlFile;
import com.dalibo.pgbackrest.sidecar.ownership.OwnershipClaim;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Whether a data directory that a repository does not know is what this very cluster became by a
/// major upgrade (`pg_upgrade` makes a new system identifier). `stanza-upgrade` itself accepts any
/// PostgreSQL, and would hand the archive of one cluster to another.
///
/// @param stanza as it is now, with the owner on record
/// @param there the database that the repository belongs to
/// @param here the control file of the data directory
record UpgradeProof(Cluster cluster, Stanza stanza, DatabaseInfo there, ControlFile here) {

  /// Whether there is nothing to upgrade.
  boolean isNeedless() {
    return there.systemId() == here.systemIdentifier() && major() == here.majorVersion();
  }

  /// Whether this cluster is the owner on record, but as what it was before an upgrade.
  boolean isRecordOutdated() {
    var claim = OwnershipClaim.of(cluster, stanza, false);
    return claim.isRecorded()
        && !Long.toUnsignedString(here.systemIdentifier()).equals(recorded(claim));
  }

  /// What the proof lacks; nothing where the stanza may follow.
  Optional<String> lacking() {
    var claim = OwnershipClaim.of(cluster, stanza, false);
    if (!claim.isRecorded()) {
      return Optional.of(
          "the Cluster '%s' is not recorded as the owner of stanza '%s'"
              .formatted(cluster.name(), stanza.name()));
    }
    var recorded = recorded(claim);
    var held = Long.toUnsignedString(there.systemId());
    if (!held.equals(recorded)) {
      return Optional.of(
          "the repository holds the archive of system identifier %s, and this cluster had %s"
              .formatted(held, recorded == null ? "none recorded" : recorded));
    }
    if (here.majorVersion() <= major()) {
      return Optional.of(
          ("the data directory has system identifier %s of PostgreSQL %d, which is not a major "
                  + "upgrade from %s of PostgreSQL %s: it was newly initialised")
              .formatted(
                  Long.toUnsignedString(here.systemIdentifier()),
                  here.majorVersion(),
                  held,
                  there.version()));
    }
    return Optional.empty();
  }

  private static @Nullable String recorded(OwnershipClaim claim) {
    return claim.owner().map(owner -> owner.systemIdentifier()).orElse(null);
  }

  private int major() {
    return Integer.parseInt(there.version().split("\\.", 2)[0]);
  }
}
