package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.cnpgi.Cluster;
import com.dalibo.pgbackrest.program.PgBackRestException;
import com.dalibo.pgbackrest.stanza.ForbiddenException;
import com.dalibo.pgbackrest.stanza.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.Purpose;
import com.dalibo.pgbackrest.stanza.RepositoryIdentity;
import com.dalibo.pgbackrest.stanza.Stanza;
import com.dalibo.pgbackrest.stanza.StanzaReference;
import com.dalibo.pgbackrest.stanza.StanzaReferences;
import com.dalibo.pgbackrest.stanza.UnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// One writer per stanza: asked before this process first writes to an archive, and again when the
/// archive or the clusters it must differ from are other ones.
///
/// pgBackRest tells clusters apart by their system identifier, and that of a restored cluster is
/// its source's. So who owns a stanza is recorded in its status, and claimed there before the first
/// write, on the condition that nobody else was quicker.
final class ArchiveGuard {

  private static final int ATTEMPTS = 5;
  private static final Log log = Log.named("ownership");

  private final Path marker;
  private final StanzaSessions sessions;
  private final Ownership ownership;
  private final Events events;
  private final AddedRepositories added;
  private final Set<Admitted> admitted = ConcurrentHashMap.newKeySet();

  ArchiveGuard(Path pgData, StanzaSessions sessions, Ownership ownership, Events events) {
    this.marker = pgData.resolve(".check-empty-wal-archive");
    this.sessions = sessions;
    this.ownership = ownership;
    this.added = new AddedRepositories(ownership);
    this.events = events;
  }

  /// Returns when this cluster may write to the stanza, and is recorded as the one that does.
  void admit(Cluster cluster, StanzaSession session, Optional<Boolean> mustBeEmpty)
      throws Exception {
    var key = Admitted.of(cluster, session);
    if (admitted.contains(key)) {
      return;
    }
    synchronized (this) {
      if (!admitted.contains(key)) {
        decideAndTell(cluster, session, isEmptinessAskedFor(cluster, mustBeEmpty));
        if (added.areKnown(cluster, session)) {
          admitted.add(key);
        }
      }
    }
  }

  /// A refusal is news for those who look at either: the owner's people should know who tried.
  private void decideAndTell(Cluster cluster, StanzaSession session, boolean mustBeEmpty)
      throws Exception {
    try {
      decide(cluster, session, mustBeEmpty);
      added.judge(cluster, session);
    } catch (PreconditionException refusal) {
      var words = Failures.words(refusal);
      events.warning(cluster, "OwnershipRefused", words);
      events.warning(KubernetesObject.of(cluster, session.stanza()), "OwnershipRefused", words);
      throw refusal;
    }
  }

  /// Refuses what could not be archived to later on, before a recovery copies any data.
  void inspect(Cluster cluster, StanzaSession session, boolean mustBeEmpty) throws Exception {
    refuseSource(cluster, session);
    judge(cluster, session, session.stanza(), mustBeEmpty);
  }

  /// The first file is archived: what follows finds an archive that is not empty, rightly. A copy
  /// of the marker may also have come here from another instance.
  void written() throws IOException {
    Files.deleteIfExists(marker);
  }

  private void decide(Cluster cluster, StanzaSession session, boolean mustBeEmpty)
      throws Exception {
    refuseSource(cluster, session);
    var stanza = session.stanza();
    for (var attempt = 1; ; attempt++) {
      var verdict = judge(cluster, session, stanza, mustBeEmpty);
      if (verdict == Claim.Verdict.OURS) {
        return;
      }
      try {
        ownership.record(
            stanza, cluster, session.systemIdentifier(), RepositoryIdentity.all(session.stanza()));
        log.info("claimed the stanza", "stanza", stanza.name(), "cluster", cluster.name());
        return;
      } catch (KubernetesException refusal) {
        if (refusal.conflict() && attempt < ATTEMPTS) {
          stanza = ownership.read(stanza);
          continue;
        }
        goOnUnrecorded(stanza, verdict, refusal);
        return;
      }
    }
  }

  /// An empty archive is nobody's: a missing right must not stop the first cluster that uses it.
  /// One that holds something is not taken over without a record, and a conflict may mean that
  /// another cluster has just won the stanza.
  private static void goOnUnrecorded(
      Stanza stanza, Claim.Verdict verdict, KubernetesException refusal)
      throws ForbiddenException, UnavailableException {
    var message =
        "the owner of stanza '%s' cannot be recorded in its status: %s"
            .formatted(stanza.name(), refusal.getMessage());
    if (verdict == Claim.Verdict.EMPTY && !refusal.conflict()) {
      log.warn(message);
      return;
    }
    if (refusal.forbidden()) {
      throw new ForbiddenException(
          message + "; the plugin's operator grants that right, see what it logs", refusal);
    }
    throw new UnavailableException(message, refusal);
  }

  private Claim.Verdict judge(
      Cluster cluster, StanzaSession session, Stanza stanza, boolean mustBeEmpty)
      throws PreconditionException,
          RepositoriesException,
          PgBackRestException,
          InterruptedException {
    var claim = Claim.of(cluster, stanza, mustBeEmpty);
    if (claim.isRecorded()) {
      return Claim.Verdict.OURS;
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

  private void refuseSource(Cluster cluster, StanzaSession session)
      throws PreconditionException,
          ForbiddenException,
          UnavailableException,
          IOException,
          InterruptedException {
    for (var source : sources(cluster)) {
      try {
        refuseSource(cluster, session.stanza(), source, sessions.stanza(cluster, source));
      } catch (InvalidStanzaException gone) {
        // Not an archive that anybody reads or writes now.
        log.debug("source not compared", "stanza", source.stanzaName(), "cause", gone.getMessage());
      }
    }
  }

  private static List<StanzaReference> sources(Cluster cluster) {
    return StanzaReferences.of(cluster).valid().stream()
        .filter(reference -> reference.purpose() != Purpose.ARCHIVE)
        .toList();
  }

  private static void refuseSource(
      Cluster cluster, Stanza own, StanzaReference source, Stanza other)
      throws PreconditionException {
    if (RepositoryIdentity.shared(own, other).isEmpty()) {
      return;
    }
    throw new PreconditionException(
        ("the Cluster '%s' must not archive to stanza '%s': that is the archive it %s (stanza '%s'), and its"
                + " WAL there would spoil later restores. Give the cluster a Stanza of its own, with another"
                + " repoPath or stanza name")
            .formatted(
                cluster.name(),
                own.name(),
                source.purpose() == Purpose.RECOVERY ? "was recovered from" : "replicates from",
                other.name()));
  }

  private boolean isEmptinessAskedFor(Cluster cluster, Optional<Boolean> byCnpg) {
    return byCnpg.orElseGet(() -> Files.exists(marker) && !cluster.skipEmptyWalArchiveCheck());
  }

  /// What an admission holds for.
  private record Admitted(
      String clusterUid,
      Optional<String> stanzaUid,
      Set<RepositoryIdentity> repositories,
      Set<String> sources) {

    static Admitted of(Cluster cluster, StanzaSession session) {
      return new Admitted(
          cluster.uid(),
          Optional.ofNullable(session.stanza().metadata().uid()),
          RepositoryIdentity.all(session.stanza()),
          ArchiveGuard.sources(cluster).stream()
              .map(StanzaReference::stanzaName)
              .collect(Collectors.toSet()));
    }
  }
}
