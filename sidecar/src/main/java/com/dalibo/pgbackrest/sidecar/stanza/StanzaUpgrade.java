package com.dalibo.pgbackrest.sidecar.stanza;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.info.StanzaInfo;
import com.dalibo.pgbackrest.postgres.ControlFile;
import com.dalibo.pgbackrest.sidecar.kubernetes.Events;
import com.dalibo.pgbackrest.sidecar.kubernetes.KubernetesException;
import com.dalibo.pgbackrest.sidecar.kubernetes.ObjectReference;
import com.dalibo.pgbackrest.sidecar.ownership.OwnerStatus;
import com.dalibo.pgbackrest.sidecar.ownership.OwnershipClaim;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.reason.StanzaReason;
import com.dalibo.pgbackrest.stanza.rendering.ForbiddenException;
import com.dalibo.pgbackrest.stanza.rendering.UnavailableException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// Lets a stanza follow its cluster to the next major version of PostgreSQL, repository by
/// repository and only with [UpgradeProof].
///
/// The system identifier on record stays the old one until every repository has followed: it is the
/// proof for one that is down now.
public final class StanzaUpgrade {
  private static final Log log = Log.named("stanza");

  private final Path pgData;
  private final OwnerStatus owners;
  private final Events events;

  public StanzaUpgrade(Path pgData, OwnerStatus owners, Events events) {
    this.pgData = pgData;
    this.owners = owners;
    this.events = events;
  }

  /// Upgrades the stanza in one repository, if that is what it needs.
  ///
  /// @return why it does not follow; nothing where it belongs to this PostgreSQL now
  public Optional<String> upgrade(Cluster cluster, StanzaSession session, int repository)
      throws PgBackRestException,
          InvalidStanzaException,
          ForbiddenException,
          UnavailableException,
          IOException,
          InterruptedException {
    return upgrade(cluster, session, repository, session.info(repository));
  }

  /// The same, where the repository has just been asked.
  ///
  /// @param info what it answered
  public Optional<String> upgrade(
      Cluster cluster, StanzaSession session, int repository, Optional<StanzaInfo> info)
      throws PgBackRestException,
          InvalidStanzaException,
          ForbiddenException,
          UnavailableException,
          IOException,
          InterruptedException {
    var there = info.flatMap(answer -> answer.currentDatabase(repository));
    if (there.isEmpty()) {
      return Optional.of("cannot determine whose archive the repository has");
    }
    var stanza = owners.read(session.stanza());
    var proof = new UpgradeProof(cluster, stanza, there.get(), ControlFile.read(pgData));
    if (proof.isNeedless()) {
      recordLate(cluster, session, proof);
      return Optional.empty();
    }
    var lacking = proof.lacking();
    if (lacking.isPresent()) {
      return lacking;
    }
    session.pgBackRest(repository).stanzaUpgrade();
    report(cluster, session, repository, proof);
    if (haveAllFollowed(session, proof.here())) {
      record(cluster, session, proof.here());
    }
    return Optional.empty();
  }

  private static boolean haveAllFollowed(StanzaSession session, ControlFile here)
      throws PgBackRestException, InterruptedException {
    for (var repository : session.numbers()) {
      var info = session.info(repository);
      var state = info.flatMap(answer -> answer.repository(repository));
      if (state.isEmpty() || !state.get().readable()) {
        return false;
      }
      // A repository without the stanza gets it for the new PostgreSQL.
      var other = info.flatMap(answer -> answer.currentDatabase(repository));
      if (other.isPresent() && other.get().systemId() != here.systemIdentifier()) {
        return false;
      }
    }
    return true;
  }

  /// Records an upgrade that was not recorded when it was made, as when the sidecar was killed
  /// then: the next one would find a repository that is not of the system identifier on record.
  /// What is asked of the stanza now does not fail for it.
  private void recordLate(Cluster cluster, StanzaSession session, UpgradeProof proof)
      throws InvalidStanzaException,
          ForbiddenException,
          UnavailableException,
          InterruptedException {
    if (!proof.isRecordOutdated()) {
      return;
    }
    try {
      if (haveAllFollowed(session, proof.here())) {
        record(cluster, session, proof.here());
      }
    } catch (PgBackRestException failure) {
      log.warning("the new system identifier is not recorded", "cause", failure.getMessage());
    }
  }

  /// Where it cannot be recorded, the next backup of the primary tries again.
  private void record(Cluster cluster, StanzaSession session, ControlFile here)
      throws InvalidStanzaException,
          ForbiddenException,
          UnavailableException,
          InterruptedException {
    try {
      var _ =
          owners.update(
              owners.read(session.stanza()),
              read ->
                  OwnershipClaim.of(cluster, read, false)
                      .record()
                      .map(owner -> owner.withSystemIdentifier(here.systemIdentifier())));
    } catch (KubernetesException refusal) {
      log.warning("the new system identifier is not recorded", "cause", refusal.getMessage());
    }
  }

  private void report(Cluster cluster, StanzaSession session, int repository, UpgradeProof proof) {
    var message =
        ("the stanza '%s' in repository %s was upgraded with its cluster from PostgreSQL %s to %d; backups of"
                + " %3$s stay there. Take a full backup now: what is written from now on cannot "
                + "be restored without it")
            .formatted(
                session.stanza().stanzaName(),
                session.repository(repository).label(),
                proof.there().version(),
                proof.here().majorVersion());
    log.info(message);
    events.normal(cluster, StanzaReason.STANZA_UPGRADED, message);
    events.normal(
        ObjectReference.of(cluster, session.stanza()), StanzaReason.STANZA_UPGRADED, message);
  }
}
