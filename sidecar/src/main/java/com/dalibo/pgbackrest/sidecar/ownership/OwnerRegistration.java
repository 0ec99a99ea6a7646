package com.dalibo.pgbackrest.sidecar.ownership;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.failure.RepositoriesException;
import com.dalibo.pgbackrest.sidecar.kubernetes.KubernetesException;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.RepositoryIdentity;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.status.StanzaOwner;
import com.dalibo.pgbackrest.stanza.rendering.ForbiddenException;
import com.dalibo.pgbackrest.stanza.rendering.UnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Puts a cluster on record as the owner of its stanza, where that may be.
final class OwnerRegistration {
  private static final Log log = Log.named("ownership");

  private final OwnerStatus owners;

  OwnerRegistration(OwnerStatus owners) {
    this.owners = owners;
  }

  /// Whether the cluster may write to the stanza, by what the Stanza and the repositories say.
  OwnershipClaim.Verdict judge(
      Cluster cluster, StanzaSession session, Stanza stanza, boolean mustBeEmpty)
      throws PreconditionException,
          RepositoriesException,
          PgBackRestException,
          InterruptedException {
    var claim = OwnershipClaim.of(cluster, stanza, mustBeEmpty);
    if (claim.isRecorded()) {
      return OwnershipClaim.Verdict.OURS;
    }
    claim.refuseOtherOwner();
    return claim.judge(contents(session));
  }

  private static List<ArchiveContents> contents(StanzaSession session)
      throws PgBackRestException, RepositoriesException, InterruptedException {
    var contents = new ArrayList<ArchiveContents>();
    for (var repository : session.repositories()) {
      contents.add(ArchiveContents.of(session, repository, session.info(repository.index())));
    }
    return contents;
  }

  /// Records the cluster, if it may write to the stanza and is not on record yet.
  ///
  /// @return whether it is on record; not where that failed and the archive is nobody's
  boolean make(Cluster cluster, StanzaSession session, boolean mustBeEmpty) throws Exception {
    var stanza = session.stanza();
    try {
      var isNew =
          owners.update(
              stanza,
              read ->
                  judge(cluster, session, read, mustBeEmpty) == OwnershipClaim.Verdict.OURS
                      ? Optional.empty()
                      : Optional.of(owner(cluster, session)));
      if (isNew) {
        log.info("claimed the stanza", "stanza", stanza.name(), "cluster", cluster.name());
      }
      return true;
    } catch (KubernetesException refusal) {
      goOnUnrecorded(stanza, judge(cluster, session, stanza, mustBeEmpty), refusal);
      return false;
    }
  }

  /// For a cluster that writes to the stanza without a record: what is there now is its own.
  ///
  /// @return whether it is on record
  boolean complete(Cluster cluster, StanzaSession session)
      throws PreconditionException,
          InvalidStanzaException,
          ForbiddenException,
          InterruptedException {
    try {
      var _ =
          owners.update(
              session.stanza(),
              read -> {
                var claim = OwnershipClaim.of(cluster, read, false);
                claim.refuseOtherOwner();
                return claim.isRecorded() ? Optional.empty() : Optional.of(owner(cluster, session));
              });
      return true;
    } catch (KubernetesException | UnavailableException refusal) {
      log.warning(unrecorded(session.stanza(), refusal));
      return false;
    }
  }

  private static StanzaOwner owner(Cluster cluster, StanzaSession session) {
    var owner = new StanzaOwner(cluster.name(), cluster.uid(), null, null);
    var placed =
        owner.withRepositories(RepositoryIdentity.texts(RepositoryIdentity.all(session.stanza())));
    var identifier = session.systemIdentifier();
    return identifier.isPresent() ? placed.withSystemIdentifier(identifier.getAsLong()) : placed;
  }

  /// An empty archive is nobody's: a missing right must not stop the first cluster that uses it.
  /// One that holds something is not taken over without a record, and a conflict may mean that
  /// another cluster has just won the stanza.
  private static void goOnUnrecorded(
      Stanza stanza, OwnershipClaim.Verdict verdict, KubernetesException refusal)
      throws ForbiddenException, UnavailableException {
    var message = unrecorded(stanza, refusal);
    if (verdict == OwnershipClaim.Verdict.EMPTY && !refusal.conflict()) {
      log.warning(message);
      return;
    }
    if (refusal.forbidden()) {
      throw new ForbiddenException(
          message + "; the plugin's operator grants that permission, see its log", refusal);
    }
    throw new UnavailableException(message, refusal);
  }

  private static String unrecorded(Stanza stanza, Exception refusal) {
    return "the owner of stanza '%s' cannot be recorded in its status: %s"
        .formatted(stanza.name(), refusal.getMessage());
  }
}
