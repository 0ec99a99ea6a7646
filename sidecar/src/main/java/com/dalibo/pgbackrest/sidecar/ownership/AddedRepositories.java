package com.dalibo.pgbackrest.sidecar.ownership;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.failure.RepositoriesException;
import com.dalibo.pgbackrest.sidecar.kubernetes.KubernetesException;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.Repository;
import com.dalibo.pgbackrest.stanza.api.RepositoryIdentity;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.status.StanzaOwner;
import com.dalibo.pgbackrest.stanza.rendering.ForbiddenException;
import com.dalibo.pgbackrest.stanza.rendering.UnavailableException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// The repositories that a Stanza gets, or that are moved, while its cluster archives: the cluster
/// is recorded as the owner of the stanza, which says nothing about what is there. pgBackRest tells
/// clusters apart by their system identifier, and a restored one has that of its source.
///
/// So the places where the owner may write are on record too. Where they are not (the owner was put
/// there by an earlier version), all there are now count as looked at: it may be an archive of
/// another cluster that a user has accepted long ago.
final class AddedRepositories {
  private static final Log log = Log.named("ownership");

  private final OwnerStatus owners;
  private final Map<Archive, Set<RepositoryIdentity>> known = new HashMap<>();

  AddedRepositories(OwnerStatus owners) {
    this.owners = owners;
  }

  /// Asks each repository that is new what it holds. The others do not wait for one that cannot be
  /// asked now: it is asked again at the next file, and what is sent there meanwhile fails as long
  /// as it does not answer.
  void judge(Cluster cluster, StanzaSession session)
      throws PreconditionException,
          InvalidStanzaException,
          ForbiddenException,
          InterruptedException {
    if (areKnown(cluster, session)) {
      return;
    }
    var stanza = read(session);
    var recorded = recorded(cluster, stanza);
    var before = known.getOrDefault(Archive.of(cluster, session), Set.of());
    var judged = new HashSet<RepositoryIdentity>();
    for (var repository : session.repositories()) {
      var identity = RepositoryIdentity.of(session.stanza(), repository);
      var isOld =
          before.contains(identity)
              || recorded
                  .map(places -> places.contains(identity.toString()))
                  .orElse(before.isEmpty());
      if (isOld || isJudged(cluster, session, repository)) {
        judged.add(identity);
      }
    }
    known.put(Archive.of(cluster, session), judged);
    record(cluster, stanza, judged);
  }

  /// Without the API server archiving goes on with what was read last.
  private Stanza read(StanzaSession session)
      throws InvalidStanzaException, ForbiddenException, InterruptedException {
    try {
      return owners.read(session.stanza());
    } catch (UnavailableException _) {
      return session.stanza();
    }
  }

  /// One that the Stanza has lost is no longer known: another cluster may use it until it is back.
  boolean areKnown(Cluster cluster, StanzaSession session) {
    return known
        .getOrDefault(Archive.of(cluster, session), Set.of())
        .equals(RepositoryIdentity.all(session.stanza()));
  }

  private static Optional<Set<String>> recorded(Cluster cluster, Stanza stanza) {
    return OwnershipClaim.of(cluster, stanza, false)
        .record()
        .filter(owner -> owner.repositories() != null)
        .map(AddedRepositories::places);
  }

  /// Without it the next process asks again. The system identifier stays as it is: it is for an
  /// upgrade to change.
  private void record(Cluster cluster, Stanza stanza, Set<RepositoryIdentity> judged)
      throws InvalidStanzaException, ForbiddenException, InterruptedException {
    try {
      var _ =
          owners.update(
              stanza,
              read ->
                  OwnershipClaim.of(cluster, read, false)
                      .record()
                      .map(owner -> owner.withRepositories(RepositoryIdentity.texts(judged)))
                      .filter(
                          owner ->
                              !recorded(cluster, read).orElse(Set.of()).equals(places(owner))));
    } catch (KubernetesException | UnavailableException trouble) {
      log.warning(
          "the repositories of the owner are not recorded",
          "stanza",
          stanza.name(),
          "cause",
          trouble.getMessage());
    }
  }

  private static Set<String> places(StanzaOwner owner) {
    var places = owner.repositories();
    return places == null ? Set.of() : Set.copyOf(places);
  }

  private static boolean isJudged(Cluster cluster, StanzaSession session, Repository repository)
      throws PreconditionException, InterruptedException {
    try {
      var contents = ArchiveContents.of(session, repository, session.info(repository.index()));
      OwnershipClaim.of(cluster, session.stanza(), false).judgeAdded(contents);
      return true;
    } catch (PgBackRestException | RepositoriesException unknown) {
      log.warning(
          "cannot determine what an added repository contains",
          session.names(repository, "cause", unknown.getMessage()));
      return false;
    }
  }

  private record Archive(String clusterUid, String stanzaUid) {
    static Archive of(Cluster cluster, StanzaSession session) {
      return new Archive(cluster.uid(), Objects.toString(session.stanza().metadata().uid()));
    }
  }
}
