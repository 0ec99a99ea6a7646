package com.dalibo.pgbackrest.sidecar.backup;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Backup;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.error.ErrorCode;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.postgres.ControlFile;
import com.dalibo.pgbackrest.sidecar.failure.ProgramFailedException;
import com.dalibo.pgbackrest.sidecar.ownership.EmptyArchiveCheck;
import com.dalibo.pgbackrest.sidecar.ownership.OwnershipGuard;
import com.dalibo.pgbackrest.sidecar.retention.BackupMetadata;
import com.dalibo.pgbackrest.sidecar.retention.Expiry;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.sidecar.session.StanzaSessions;
import com.dalibo.pgbackrest.sidecar.standby.StandbyBackup;
import com.dalibo.pgbackrest.sidecar.standby.StandbyFailure;
import com.dalibo.pgbackrest.sidecar.stanza.StanzaCreation;
import com.dalibo.pgbackrest.sidecar.stanza.StanzaUpgrade;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.Repositories;
import com.dalibo.pgbackrest.stanza.api.Repository;
import com.dalibo.pgbackrest.stanza.cluster.StanzaPurpose;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReferences;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Base backups of the PostgreSQL here, each into one repository of the cluster's stanza.
///
/// A backup carries the uid of its Backup object, so that a repeated request for the same object
/// gives the same backup. Retention removes older backups only after this one is verified.
public final class BaseBackups {
  private static final Log log = Log.named("backup");

  private final String instance;
  private final Path pgData;
  private final StanzaSessions sessions;
  private final OwnershipGuard guard;
  private final BackupStanza stanza;
  private final BackupRun run;
  private final Expiry expiry;
  private final BackupProof proof;

  public BaseBackups(
      String instance,
      Path pgData,
      StanzaSessions sessions,
      OwnershipGuard guard,
      StanzaCreation creation,
      StanzaUpgrade upgrade,
      StandbyBackup standby,
      Expiry expiry,
      BackupProof proof,
      BackupMemory memory,
      Duration lockPause) {
    this.instance = instance;
    this.pgData = pgData;
    this.sessions = sessions;
    this.guard = guard;
    this.stanza = new BackupStanza(creation, upgrade);
    this.run = new BackupRun(standby, memory, lockPause);
    this.expiry = expiry;
    this.proof = proof;
  }

  public CompletedBackup run(Cluster cluster, Backup backup, BackupParameters parameters)
      throws Exception {
    var control = ControlFile.read(pgData);
    var source = new BackupPreconditions(cluster, instance, inRecovery(control)).source();
    var reference = StanzaReferences.of(cluster).get(StanzaPurpose.ARCHIVE);
    var requested =
        new RequestedBackup(cluster, backup, parameters, source, control.walSegmentSize());
    return sessions.with(cluster, reference, session -> runAdmitted(requested, session));
  }

  private CompletedBackup runAdmitted(RequestedBackup requested, StanzaSession session)
      throws Exception {
    var repository = repository(session, requested.parameters());
    try {
      guard.admit(requested.cluster(), session, EmptyArchiveCheck.UNSPECIFIED);
      return runAndProve(requested, session, repository);
    } catch (PgBackRestException failure) {
      var what =
          switch (requested.source()) {
            case BackupSource.Primary _ -> whatFailed(failure);
            case BackupSource.Standby _ -> whatFailedOnAStandby(failure);
          };
      throw new ProgramFailedException(
          what.formatted(
              requested.backup().name(),
              requested.cluster().name(),
              repository.label(),
              session.stanza().name()),
          failure);
    }
  }

  private static String whatFailed(PgBackRestException failure) {
    return failure.errorCode() == ErrorCode.LOCK_ACQUIRE
        ? "backup '%s' of cluster '%s' in repository %s was not started: another pgbackrest "
            + "command, of this instance or of a standby, holds the lock of stanza '%s'; wait for it to finish, then create a new Backup"
        : "backup '%s' of cluster '%s' in repository %s of stanza '%s' failed";
  }

  private String whatFailedOnAStandby(PgBackRestException failure) {
    var what =
        "backup '%%s' of cluster '%%s' in repository %%s of stanza '%%s' failed on the standby '%s'"
            .formatted(instance);
    return StandbyFailure.of(failure).map(trouble -> what + "; " + trouble.meaning()).orElse(what);
  }

  private CompletedBackup runAndProve(
      RequestedBackup requested, StanzaSession session, Repository repository) throws Exception {
    var before = session.info(repository.index());
    var found = FoundBackup.in(before, requested);
    if (found.isPresent()) {
      log.info("the backup already exists", BackupRun.names(requested, session, repository));
    } else {
      stanza.ensure(requested, before, session, repository);
      found = Optional.of(run.run(requested, session, repository));
    }
    var info = found.get().info();
    var taken = found.get().backup();
    if (taken.error()) {
      expiry.replaceDamaged(session, repository, info, taken.label());
    }
    proof.require(requested, session, repository, info, taken);
    expiry.expire(session, repository, info, taken.label());
    log.info(
        "backup completed",
        session.names(
            repository,
            "backup",
            requested.backup().name(),
            "backupLabel",
            taken.label(),
            "type",
            taken.type().label()));
    return new CompletedBackup(
        instance,
        taken,
        new BackupMetadata(requested.cluster(), session.stanza(), repository, taken).values());
  }

  private static Repository repository(StanzaSession session, BackupParameters parameters)
      throws InvalidStanzaException {
    return parameters.selectedRepository().isPresent()
        ? Repositories.select(session.stanza(), parameters.selectedRepository().get())
        : session.repositories().getFirst();
  }

  private BackupPreconditions.InRecovery inRecovery(ControlFile control) {
    var recovering =
        switch (control.state()) {
          case IN_ARCHIVE_RECOVERY, SHUTDOWNED_IN_RECOVERY -> true;
          case STARTUP, SHUTDOWNED, SHUTDOWNING, IN_CRASH_RECOVERY, IN_PRODUCTION ->
              Files.exists(pgData.resolve("standby.signal"));
        };
    return recovering ? BackupPreconditions.InRecovery.YES : BackupPreconditions.InRecovery.NO;
  }
}
