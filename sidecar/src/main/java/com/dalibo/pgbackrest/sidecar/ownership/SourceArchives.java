package com.dalibo.pgbackrest.sidecar.ownership;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.session.StanzaSessions;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.RepositoryIdentity;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.cluster.StanzaPurpose;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReference;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReferences;
import com.dalibo.pgbackrest.stanza.rendering.ForbiddenException;
import com.dalibo.pgbackrest.stanza.rendering.UnavailableException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The archives a cluster reads: what it was recovered from, and what it replicates from. It must
/// not write there while another cluster may.
final class SourceArchives {
  private static final Log log = Log.named("ownership");

  private final StanzaSessions sessions;

  SourceArchives(StanzaSessions sessions) {
    this.sessions = sessions;
  }

  /// The names of their Stanzas.
  static Set<String> names(Cluster cluster) {
    return of(cluster).stream().map(StanzaReference::stanzaName).collect(Collectors.toSet());
  }

  private static List<StanzaReference> of(Cluster cluster) {
    return StanzaReferences.of(cluster).valid().stream()
        .filter(reference -> reference.purpose() != StanzaPurpose.ARCHIVE)
        .toList();
  }

  /// Returns where none of them is the archive that the cluster is to write to, or where that is
  /// its own past: it is on record there, or its people say so and no other cluster writes there.
  void refuse(Cluster cluster, Stanza own)
      throws PreconditionException, ForbiddenException, UnavailableException, InterruptedException {
    for (var source : of(cluster)) {
      try {
        refuse(cluster, own, source, sessions.stanza(cluster, source));
      } catch (InvalidStanzaException gone) {
        // Not an archive that anybody reads or writes now.
        log.debug(
            "cannot compare the archive with that of the source",
            "stanza",
            source.stanzaName(),
            "cause",
            gone.getMessage());
      }
    }
  }

  static void refuse(Cluster cluster, Stanza own, StanzaReference source, Stanza other)
      throws PreconditionException {
    if (RepositoryIdentity.shared(own, other).isEmpty()) {
      return;
    }
    var past = OwnershipClaim.of(cluster, other, false);
    var isTakeover = source.purpose() == StanzaPurpose.RECOVERY && past.isFree();
    if (isTakeover && (past.isRecorded() || cluster.skipEmptyWalArchiveCheck())) {
      return;
    }
    throw new PreconditionException(
        ("the Cluster '%s' must not archive to stanza '%s': that is the archive it %s (stanza '%s'), and "
                + "its WAL there would break later restores. %s")
            .formatted(
                cluster.name(),
                own.name(),
                source.purpose() == StanzaPurpose.RECOVERY
                    ? "was recovered from"
                    : "replicates from",
                other.name(),
                isTakeover
                    ? OwnershipClaim.waysOut(cluster)
                    : "Give the cluster a Stanza of its own, with another repoPath or stanza name"));
  }
}
