package com.dalibo.pgbackrest.sidecar.backup;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Backup;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.command.BackupCommand;
import com.dalibo.pgbackrest.command.PgBackRest;
import com.dalibo.pgbackrest.error.ErrorCode;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.info.BackupInfo;
import com.dalibo.pgbackrest.info.StanzaInfo;
import com.dalibo.pgbackrest.info.StatusCode;
import com.dalibo.pgbackrest.postgres.ControlFile;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.failure.ProgramFailedException;
import com.dalibo.pgbackrest.sidecar.failure.Retry;
import com.dalibo.pgbackrest.sidecar.ownership.EmptyArchiveCheck;
import com.dalibo.pgbackrest.sidecar.ownership.OwnershipGuard;
import com.dalibo.pgbackrest.sidecar.retention.BackupMetadata;
import com.dalibo.pgbackrest.sidecar.retention.Expiry;
import com.dalibo.pgbackrest.sidecar.session.ProgramLog;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.sidecar.session.StanzaSessions;
import com.dalibo.pgbackrest.sidecar.standby.StandbyBackup;
import com.dalibo.pgbackrest.sidecar.standby.StandbyFailure;
import com.dalibo.pgbackrest.sidecar.stanza.IncompleteStanza;
import com.dalibo.pgbackrest.sidecar.stanza.StanzaCreation;
import com.dalibo.pgbackrest.sidecar.stanza.StanzaUpgrade;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.Repositories;
import com.dalibo.pgbackrest.stanza.api.Repository;
import com.dalibo.pgbackrest.stanza.cluster.StanzaPurpose;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReferences;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Base backups of the PostgreSQL here, each into one repository of the cluster's stanza.
///
/// A backup carries the uid of the Backup it was made for, so asking again for the same Backup
/// gives the same backup. Older ones are removed by retention only when this one has proved to be
/// good.
public final class BaseBackups {
  private static final Duration PROGRESS = Duration.ofSeconds(10);
  private static final int LOCK_ATTEMPTS = 20;
  private static final Log log = Log.named("backup");

  private final String instance;
  private final Path pgData;
  private final StanzaSessions sessions;
  private final OwnershipGuard guard;
  private final StanzaCreation creation;
  private final StanzaUpgrade upgrade;
  private final StandbyBackup standby;
  private final Expiry expiry;
  private final BackupProof proof;
  private final Duration lockPause;

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
      Duration lockPause) {
    this.instance = instance;
    this.pgData = pgData;
    this.sessions = sessions;
    this.guard = guard;
    this.creation = creation;
    this.upgrade = upgrade;
    this.standby = standby;
    this.expiry = expiry;
    this.proof = proof;
    this.lockPause = lockPause;
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
    var found = Found.in(before, requested);
    if (found.isPresent()) {
      log.info("the backup already exists", names(requested, session, repository));
    } else {
      if (!createStanza(requested, before, session, repository)) {
        followUpgrade(requested, before, session, repository);
      }
      found = Optional.of(runProgram(requested, session, repository));
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

  /// @return whether there is a new stanza
  private boolean createStanza(
      RequestedBackup requested,
      Optional<StanzaInfo> info,
      StanzaSession session,
      Repository repository)
      throws PgBackRestException, PreconditionException, InterruptedException {
    var code =
        info.flatMap(stanza -> stanza.repository(repository.index()))
            .map(state -> state.code())
            .orElse(StatusCode.MISSING_STANZA_PATH);
    if (code != StatusCode.MISSING_STANZA_PATH && code != StatusCode.MISSING_STANZA_DATA) {
      return false;
    }
    switch (requested.source()) {
      case BackupSource.Primary _ -> {
        creation.create(session, repository.index());
        return true;
      }
      // Two that create it at once would give an encrypted repository two keys.
      case BackupSource.Standby(var primary) -> {
        if (new IncompleteStanza(session.pgBackRest(), repository.index()).lacksBackupInfo()) {
          throw new PreconditionException(
              "repository %s of stanza '%s' has an archive, but no 'backup.info'%s"
                  .formatted(repository.label(), session.stanza().name(), IncompleteStanza.REMEDY));
        }
        throw new PreconditionException(
            ("repository %s of stanza '%s' has no archive yet, which the primary '%s' creates "
                    + "with the first WAL file: create a new Backup when ContinuousArchiving is True on cluster"
                    + " '%s'")
                .formatted(
                    repository.label(),
                    session.stanza().name(),
                    primary,
                    requested.cluster().name()));
      }
    }
  }

  /// A backup may come before the first WAL of an upgraded cluster. A repository of another cluster
  /// is for pgBackRest to refuse, and on a standby the upgrade is for the primary to make.
  private void followUpgrade(
      RequestedBackup requested,
      Optional<StanzaInfo> info,
      StanzaSession session,
      Repository repository)
      throws Exception {
    if (!(requested.source() instanceof BackupSource.Primary)) {
      return;
    }
    var lacking = upgrade.upgrade(requested.cluster(), session, repository.index(), info);
    if (lacking.isPresent()) {
      log.debug(
          "the stanza could not be upgraded",
          "repository",
          repository.label(),
          "cause",
          lacking.get());
    }
  }

  private Found runProgram(RequestedBackup requested, StanzaSession session, Repository repository)
      throws PgBackRestException, PreconditionException, IOException, InterruptedException {
    var names = names(requested, session, repository);
    log.info("backup started", names);
    var program =
        switch (requested.source()) {
          case BackupSource.Primary _ -> session.pgBackRest();
          case BackupSource.Standby _ -> standby.pgBackRest(requested.cluster(), session);
        };
    runUnlocked(
        program,
        new BackupCommand(
            requested.parameters().type(),
            repository.index(),
            requested.annotations(),
            new ProgramLog(log, PROGRESS, names)));
    return Found.in(session.info(repository.index()), requested)
        .orElseThrow(
            () ->
                new PreconditionException(
                    ("pgbackrest made backup '%s', but repository %s of stanza '%s' does not list"
                            + " it; check whether its retention is too short, or whether it was expired by hand")
                        .formatted(
                            requested.backup().name(),
                            repository.label(),
                            session.stanza().name())));
  }

  /// A backup that was stopped a moment ago may still hold the lock, as may a stanza-create.
  private void runUnlocked(PgBackRest program, BackupCommand command)
      throws PgBackRestException, InterruptedException {
    Retry.every(lockPause)
        .run(
            PgBackRestException.class,
            (failure, failed) ->
                StandbyFailure.of(failure).filter(StandbyFailure::passesSoon).isPresent()
                    && failed.number() < LOCK_ATTEMPTS,
            (_, _) -> {},
            () -> program.backup(command));
  }

  /// The backup that was asked for, in what its repository answered.
  private record Found(StanzaInfo info, BackupInfo backup) {
    static Optional<Found> in(Optional<StanzaInfo> info, RequestedBackup requested) {
      return info.flatMap(
          stanza ->
              stanza.backups().stream()
                  .filter(
                      backup ->
                          requested
                              .backup()
                              .uid()
                              .equals(backup.annotations().get(RequestedBackup.BACKUP_UID)))
                  .findFirst()
                  .map(backup -> new Found(stanza, backup)));
    }
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

  private static @Nullable Object[] names(
      RequestedBackup requested, StanzaSession session, Repository repository) {
    return session.names(
        repository,
        "backup",
        requested.backup().name(),
        "type",
        requested.parameters().type().label());
  }
}
