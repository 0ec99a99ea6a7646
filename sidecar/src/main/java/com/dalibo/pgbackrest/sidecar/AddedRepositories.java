package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.cnpgi.Cluster;
import com.dalibo.pgbackrest.program.PgBackRestException;
import com.dalibo.pgbackrest.stanza.Repository;
import com.dalibo.pgbackrest.stanza.RepositoryIdentity;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// The repositories that a Stanza gets, or that are moved, while its cluster archives: the cluster
/// is on record as the owner of the stanza, which says nothing about what is there. pgBackRest
/// tells clusters apart by their system identifier, and a restored one has that of its source.
///
/// What a process finds at its first look counts as looked at: it may be an archive of another
/// cluster that a user has accepted long ago.
final class AddedRepositories {
  private static final Log log = Log.named("ownership");

  private final Map<Archive, Set<RepositoryIdentity>> known = new HashMap<>();

  /// Asks each repository that is new what it holds. One that cannot be asked now is asked again
  /// the next time: it gets no WAL before it answers, and the others must not wait for it.
  void judge(Cluster cluster, StanzaSession session)
      throws PreconditionException, InterruptedException {
    var repositories =
        known.computeIfAbsent(
            Archive.of(cluster, session),
            _ -> new HashSet<>(RepositoryIdentity.all(session.stanza())));
    for (var repository : session.repositories()) {
      var identity = RepositoryIdentity.of(session.stanza(), repository);
      if (!repositories.contains(identity) && isJudged(cluster, session, repository)) {
        repositories.add(identity);
      }
    }
  }

  boolean areKnown(Cluster cluster, StanzaSession session) {
    return known
        .getOrDefault(Archive.of(cluster, session), Set.of())
        .containsAll(RepositoryIdentity.all(session.stanza()));
  }

  private static boolean isJudged(Cluster cluster, StanzaSession session, Repository repository)
      throws PreconditionException, InterruptedException {
    try {
      var contents = ArchiveContents.of(session, repository, session.info(repository.index()));
      Claim.of(cluster, session.stanza(), false).judgeAdded(contents);
      return true;
    } catch (PgBackRestException | RepositoriesException unknown) {
      log.warn(
          "an added repository does not say what it holds",
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
