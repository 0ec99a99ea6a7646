package com.dalibo.pgbackrest.sidecar.ownership;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.sidecar.failure.FailureWords;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.kubernetes.Events;
import com.dalibo.pgbackrest.sidecar.kubernetes.ObjectReference;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.sidecar.session.StanzaSessions;
import com.dalibo.pgbackrest.stanza.api.RepositoryIdentity;
import com.dalibo.pgbackrest.stanza.api.reason.StanzaReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// One writer per stanza: asked before this process first writes to an archive, and again when the
/// archive or the clusters it must differ from are other ones.
///
/// pgBackRest tells clusters apart by their system identifier, and that of a restored cluster is
/// its source's. So who owns a stanza is recorded in its status, and claimed there before the first
/// write, on the condition that nobody else was quicker.
public final class OwnershipGuard {
  private final Path marker;
  private final SourceArchives sources;
  private final OwnerRegistration registration;
  private final AddedRepositories added;
  private final Events events;
  private final Duration recordAgain;
  private volatile Optional<Admission> admission = Optional.empty();

  /// @param recordAgain how soon an owner that could not be recorded is tried again
  public OwnershipGuard(
      Path pgData,
      StanzaSessions sessions,
      OwnerStatus owners,
      Events events,
      Duration recordAgain) {
    this.marker = pgData.resolve(".check-empty-wal-archive");
    this.sources = new SourceArchives(sessions);
    this.registration = new OwnerRegistration(owners);
    this.added = new AddedRepositories(owners);
    this.events = events;
    this.recordAgain = recordAgain;
  }

  /// Returns when this cluster may write to the stanza, and is recorded as the one that does.
  public void admit(Cluster cluster, StanzaSession session, EmptyArchiveCheck check)
      throws Exception {
    var scope = Scope.of(cluster, session);
    if (isAdmitted(scope)) {
      return;
    }
    synchronized (this) {
      if (!isAdmitted(scope)) {
        decideAndReport(cluster, session, scope, check.isRequired(() -> isMarked(cluster)));
      }
    }
  }

  /// Whether this cluster has been admitted to the stanza and need not be asked about now.
  public boolean hasAdmitted(Cluster cluster, StanzaSession session) {
    return isAdmitted(Scope.of(cluster, session));
  }

  private boolean isAdmitted(Scope scope) {
    return admission
        .filter(last -> last.scope().equals(scope) && Instant.now().isBefore(last.until()))
        .isPresent();
  }

  /// A refusal is news for those who look at either: the owner's people should know who tried.
  private void decideAndReport(
      Cluster cluster, StanzaSession session, Scope scope, boolean mustBeEmpty) throws Exception {
    try {
      var isRecorded = decide(cluster, session, scope, mustBeEmpty);
      added.judge(cluster, session);
      if (added.areKnown(cluster, session)) {
        var until = isRecorded ? Instant.MAX : Instant.now().plus(recordAgain);
        admission = Optional.of(new Admission(scope, until));
      }
    } catch (PreconditionException refusal) {
      var words = FailureWords.of(refusal);
      events.warning(cluster, StanzaReason.OWNERSHIP_REFUSED, words);
      events.warning(
          ObjectReference.of(cluster, session.stanza()), StanzaReason.OWNERSHIP_REFUSED, words);
      throw refusal;
    }
  }

  private boolean decide(Cluster cluster, StanzaSession session, Scope scope, boolean mustBeEmpty)
      throws Exception {
    if (admission.filter(last -> last.scope().equals(scope)).isPresent()) {
      return registration.complete(cluster, session);
    }
    sources.refuse(cluster, session.stanza());
    return registration.make(cluster, session, mustBeEmpty);
  }

  /// Refuses what could not be archived to later on, before a recovery copies any data.
  public void inspect(Cluster cluster, StanzaSession session, EmptyArchiveCheck check)
      throws Exception {
    sources.refuse(cluster, session.stanza());
    var mustBeEmpty = check.isRequired(() -> !cluster.skipEmptyWalArchiveCheck());
    var _ = registration.judge(cluster, session, session.stanza(), mustBeEmpty);
  }

  /// The first file is archived: what follows finds an archive that is not empty, rightly. A copy
  /// of the marker may also have come here from another instance.
  public void written() throws IOException {
    Files.deleteIfExists(marker);
  }

  /// CNPG's own mark of a data directory that has archived nothing yet.
  private boolean isMarked(Cluster cluster) {
    return Files.exists(marker) && !cluster.skipEmptyWalArchiveCheck();
  }

  /// @param until when the owner, which could not be recorded, is tried again
  private record Admission(Scope scope, Instant until) {}

  /// What an admission holds for.
  private record Scope(
      String clusterUid,
      Optional<String> stanzaUid,
      Set<RepositoryIdentity> repositories,
      Set<String> sources) {

    static Scope of(Cluster cluster, StanzaSession session) {
      return new Scope(
          cluster.uid(),
          Optional.ofNullable(session.stanza().metadata().uid()),
          RepositoryIdentity.all(session.stanza()),
          SourceArchives.names(cluster));
    }
  }
}
