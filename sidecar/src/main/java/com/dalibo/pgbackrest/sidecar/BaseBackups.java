package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.cnpgi.Backup;
import com.dalibo.pgbackrest.cnpgi.Cluster;
import com.dalibo.pgbackrest.cnpgi.proto.backup.BackupResult;
import com.dalibo.pgbackrest.program.BackupCommand;
import com.dalibo.pgbackrest.program.BackupInfo;
import com.dalibo.pgbackrest.program.ControlFile;
import com.dalibo.pgbackrest.program.ErrorCode;
import com.dalibo.pgbackrest.program.PgBackRest;
import com.dalibo.pgbackrest.program.PgBackRestException;
import com.dalibo.pgbackrest.program.StanzaInfo;
import com.dalibo.pgbackrest.program.StatusCode;
import com.dalibo.pgbackrest.program.WalRange;
import com.dalibo.pgbackrest.stanza.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.Purpose;
import com.dalibo.pgbackrest.stanza.Repositories;
import com.dalibo.pgbackrest.stanza.Repository;
import com.dalibo.pgbackrest.stanza.StanzaReferences;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Base backups of the PostgreSQL here, each into one repository of the cluster's stanza.
///
/// A backup carries the uid of the Backup it was made for, so asking again for the same Backup
/// gives the same backup. It counts as made only when all WAL from its start to its stop is in the
/// repository: without that it cannot be restored.
final class BaseBackups {
  private static final String BACKUP_UID = "cnpg-backup-uid";
  private static final Duration PROGRESS = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final int LOCK_ATTEMPTS = 20;
  private static final Log log = Log.named("backup");

  private final String instance;
  private final Path pgData;
  private final StanzaSessions sessions;
  private final ArchiveGuard guard;
  private final StanzaCreation creation;
  private final StanzaUpgrade upgrade;
  private final StandbyBackup standby;
  private final OwedExpirations owed;
  private final Duration walPatience;

  BaseBackups(
      String instance,
      Path pgData,
      StanzaSessions sessions,
      ArchiveGuard guard,
      StanzaCreation creation,
      StanzaUpgrade upgrade,
      StandbyBackup standby,
      OwedExpirations owed,
      Duration walPatience) {
    this.instance = instance;
    this.pgData = pgData;
    this.sessions = sessions;
    this.guard = guard;
    this.creation = creation;
    this.upgrade = upgrade;
    this.standby = standby;
    this.owed = owed;
    this.walPatience = walPatience;
  }

  BackupResult take(Cluster cluster, Backup backup, BackupParameters parameters) throws Exception {
    var control = ControlFile.read(pgData);
    var source = new BackupPreconditions(cluster, instance, inRecovery(control)).source();
    var reference = StanzaReferences.of(cluster).get(Purpose.ARCHIVE);
    var asked = new Asked(cluster, backup, parameters, source, control.walSegmentSize());
    return sessions.with(cluster, reference, session -> take(asked, session));
  }

  private BackupResult take(Asked asked, StanzaSession session) throws Exception {
    var repository = repository(session, asked.parameters());
    try {
      guard.admit(asked.cluster(), session, Optional.empty());
      return take(asked, session, repository);
    } catch (PgBackRestException failure) {
      var what =
          switch (asked.source()) {
            case BackupSource.Primary _ -> whatFailed(failure);
            case BackupSource.Standby _ -> whatFailedOnAStandby(failure);
          };
      throw new ProgramFailedException(
          what.formatted(
              asked.backup().name(),
              asked.cluster().name(),
              repository.label(),
              session.stanza().name()),
          failure);
    }
  }

  private static String whatFailed(PgBackRestException failure) {
    return failure.errorCode() == ErrorCode.LOCK_ACQUIRE
        ? "backup '%s' of cluster '%s' in repository %s was not started, because another pgbackrest command of this instance, or one that backs up a standby of it, works on stanza '%s'; let it end, then create a new Backup"
        : "backup '%s' of cluster '%s' in repository %s of stanza '%s' failed";
  }

  private String whatFailedOnAStandby(PgBackRestException failure) {
    var what =
        "backup '%%s' of cluster '%%s' in repository %%s of stanza '%%s' failed on the standby '%s'"
            .formatted(instance);
    return StandbyTrouble.of(failure).map(trouble -> what + "; " + trouble.meaning()).orElse(what);
  }

  /// What was asked for, and what the data directory says.
  private record Asked(
      Cluster cluster,
      Backup backup,
      BackupParameters parameters,
      BackupSource source,
      int walSegmentSize) {
    Map<String, String> annotations() {
      var annotations = new LinkedHashMap<String, String>();
      annotations.put(BACKUP_UID, backup.uid());
      annotations.put("cnpg-backup", backup.namespace() + "/" + backup.name());
      annotations.put("cnpg-cluster", cluster.namespace() + "/" + cluster.name());
      annotations.put(ArchiveContents.CLUSTER_UID, cluster.uid());
      annotations.values().removeIf(String::isEmpty);
      return annotations;
    }
  }

  private BackupResult take(Asked asked, StanzaSession session, Repository repository)
      throws Exception {
    var before = info(session, repository);
    var taken = find(before, asked);
    if (taken.isPresent()) {
      log.info("the backup is there already", names(asked, session, repository));
    } else {
      createStanza(asked, before, session, repository);
      followUpgrade(asked, session, repository);
      taken = Optional.of(run(asked, session, repository));
    }
    requireWholePages(asked, session, repository, taken.get());
    requireWal(asked, session, repository, taken.get());
    log.info(
        "backup completed",
        "backup",
        asked.backup().name(),
        "backupLabel",
        taken.get().label(),
        "type",
        taken.get().type().label(),
        "repository",
        repository.label());
    return answer(asked, session, repository, taken.get());
  }

  private static Repository repository(StanzaSession session, BackupParameters parameters)
      throws InvalidStanzaException {
    return parameters.selectedRepository().isPresent()
        ? Repositories.select(session.stanza(), parameters.selectedRepository().get())
        : session.repositories().getFirst();
  }

  private void createStanza(
      Asked asked, Optional<StanzaInfo> info, StanzaSession session, Repository repository)
      throws PgBackRestException, PreconditionException, InterruptedException {
    var code =
        info.flatMap(stanza -> stanza.repository(repository.index()))
            .map(state -> state.code())
            .orElse(StatusCode.MISSING_STANZA_PATH);
    if (code != StatusCode.MISSING_STANZA_PATH && code != StatusCode.MISSING_STANZA_DATA) {
      return;
    }
    switch (asked.source()) {
      case BackupSource.Primary _ -> creation.create(session, repository.index());
      // Two that create it at once would give an encrypted repository two keys.
      case BackupSource.Standby(var primary) ->
          throw new PreconditionException(
              ("repository %s of stanza '%s' has no archive yet, which the primary '%s' makes with the"
                      + " first WAL: create a new Backup when ContinuousArchiving is True on cluster '%s'")
                  .formatted(
                      repository.label(),
                      session.stanza().name(),
                      primary,
                      asked.cluster().name()));
    }
  }

  /// A backup may come before the first WAL of an upgraded cluster. A repository of another cluster
  /// is for pgBackRest to refuse, and on a standby the upgrade is for the primary to make.
  private void followUpgrade(Asked asked, StanzaSession session, Repository repository)
      throws Exception {
    if (!(asked.source() instanceof BackupSource.Primary)) {
      return;
    }
    var lacking = upgrade.upgrade(asked.cluster(), session, repository.index());
    if (lacking.isPresent()) {
      log.debug(
          "the stanza does not follow", "repository", repository.label(), "cause", lacking.get());
    }
  }

  private BackupInfo run(Asked asked, StanzaSession session, Repository repository)
      throws PgBackRestException, PreconditionException, IOException, InterruptedException {
    var names = names(asked, session, repository);
    log.info("backup started", names);
    var program =
        switch (asked.source()) {
          case BackupSource.Primary _ -> session.pgBackRest();
          case BackupSource.Standby _ -> standby.pgBackRest(asked.cluster(), session);
        };
    try {
      runUnlocked(
          program,
          new BackupCommand(
              asked.parameters().type(),
              repository.index(),
              asked.annotations(),
              new CopyProgress(log, PROGRESS, names)));
    } catch (PgBackRestException failure) {
      var taken = findAfter(failure, asked, session, repository);
      if (taken.isEmpty()) {
        throw failure;
      }
      // The backup is whole; what failed was removing those that retention no longer wants.
      log.warn("after the backup: " + failure.getMessage(), names);
      owed.owe(session, repository);
      return taken.get();
    }
    return find(info(session, repository), asked)
        .orElseThrow(
            () ->
                new PreconditionException(
                    ("pgbackrest made backup '%s', but repository %s of stanza '%s' does not list it;"
                            + " see whether its retention is too short or somebody expired it")
                        .formatted(
                            asked.backup().name(), repository.label(), session.stanza().name())));
  }

  /// A backup that was stopped a moment ago may still hold the lock, as may a stanza-create.
  private static void runUnlocked(PgBackRest program, BackupCommand command)
      throws PgBackRestException, InterruptedException {
    for (var attempt = 1; ; attempt++) {
      try {
        var _ = program.backup(command);
        return;
      } catch (PgBackRestException failure) {
        var passes = StandbyTrouble.of(failure).filter(StandbyTrouble::passesSoon).isPresent();
        if (!passes || attempt == LOCK_ATTEMPTS) {
          throw failure;
        }
        Thread.sleep(PAUSE);
      }
    }
  }

  private static Optional<BackupInfo> findAfter(
      PgBackRestException failure, Asked asked, StanzaSession session, Repository repository)
      throws InterruptedException {
    try {
      return find(info(session, repository), asked);
    } catch (PgBackRestException silent) {
      failure.addSuppressed(silent);
      return Optional.empty();
    }
  }

  private static Optional<StanzaInfo> info(StanzaSession session, Repository repository)
      throws PgBackRestException, InterruptedException {
    return session.pgBackRest().info(repository.index()).stanza(session.stanza().stanzaName());
  }

  private static Optional<BackupInfo> find(Optional<StanzaInfo> info, Asked asked) {
    return info.stream()
        .flatMap(stanza -> stanza.backups().stream())
        .filter(backup -> asked.backup().uid().equals(backup.annotations().get(BACKUP_UID)))
        .findFirst();
  }

  /// pgBackRest completes a backup of damaged pages, marks it, and a recovery passes it over.
  private static void requireWholePages(
      Asked asked, StanzaSession session, Repository repository, BackupInfo taken)
      throws PreconditionException {
    if (taken.error()) {
      throw new PreconditionException(
          ("backup '%s' (%s) holds pages with invalid checksums: data of cluster '%s' is damaged, and the log"
                  + " of the container pgbackrest-plugin names the files. Restore from an earlier backup, or"
                  + " repair the damage and take a new one; this one stays in repository %s of stanza '%s' and"
                  + " is restored only where backupID names it")
              .formatted(
                  asked.backup().name(),
                  taken.label(),
                  asked.cluster().name(),
                  repository.label(),
                  session.stanza().name()));
    }
  }

  private void requireWal(
      Asked asked, StanzaSession session, Repository repository, BackupInfo taken)
      throws PgBackRestException, PreconditionException, InterruptedException {
    var segments = segments(taken, asked.walSegmentSize());
    var missing = missingWal(asked, session, repository, taken, segments);
    if (missing.isPresent()) {
      throw new PreconditionException(
          ("backup '%s' (%s) of cluster '%s' cannot be restored: WAL segment '%s' of %s to %s did not"
                  + " arrive in repository %s of stanza '%s' within %d s; see why archiving is slow"
                  + " or fails (condition ContinuousArchiving of the Cluster) and take a new backup")
              .formatted(
                  asked.backup().name(),
                  taken.label(),
                  asked.cluster().name(),
                  missing.get(),
                  segments.getFirst(),
                  segments.getLast(),
                  repository.label(),
                  session.stanza().name(),
                  walPatience.toSeconds()));
    }
  }

  private static List<String> segments(BackupInfo taken, int walSegmentSize)
      throws PreconditionException {
    if (taken.archiveStart() == null || taken.archiveStop() == null) {
      throw new PreconditionException(
          "backup '%s' names no WAL; it was not taken from a running PostgreSQL: take a new one"
              .formatted(taken.label()));
    }
    return WalRange.between(taken.archiveStart(), taken.archiveStop(), walSegmentSize)
        .segments()
        .toList();
  }

  private Optional<String> missingWal(
      Asked asked,
      StanzaSession session,
      Repository repository,
      BackupInfo taken,
      List<String> segments)
      throws PgBackRestException, PreconditionException, InterruptedException {
    var database =
        info(session, repository)
            .flatMap(stanza -> stanza.database(repository.index(), taken.databaseId()));
    if (database.isEmpty()) {
      return Optional.of(segments.getFirst());
    }
    var wal =
        RepositoryWal.of(session.pgBackRest(), repository.index(), database.get().archiveId());
    return new BackupWal(wal, heldBack(asked, session, repository), walPatience, PAUSE)
        .firstMissing(segments);
  }

  private BackupWal.Source heldBack(Asked asked, StanzaSession session, Repository repository) {
    return switch (asked.source()) {
      case BackupSource.Primary _ ->
          new HeldBackWal(pgData.resolve("pg_wal"), session.pgBackRest(repository.index()));
      // What is here may be half a segment: WAL is archived by the primary alone.
      case BackupSource.Standby _ -> _ -> {};
    };
  }

  private BackupResult answer(
      Asked asked, StanzaSession session, Repository repository, BackupInfo taken) {
    var result =
        BackupResult.newBuilder()
            .setBackupId(taken.label())
            .setBackupName(taken.label())
            .setStartedAt(taken.timestampStart().getEpochSecond())
            .setStoppedAt(taken.timestampStop().getEpochSecond())
            .setBeginWal(text(taken.archiveStart()))
            .setEndWal(text(taken.archiveStop()))
            .setBeginLsn(text(taken.lsnStart()))
            .setEndLsn(text(taken.lsnStop()))
            .setInstanceId(instance)
            .setOnline(true);
    new BackupMetadata(asked.cluster(), session.stanza(), repository, taken)
        .values()
        .forEach(result::putMetadata);
    return result.build();
  }

  private static String text(@Nullable Object value) {
    return value == null ? "" : value.toString();
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

  private static Object[] names(Asked asked, StanzaSession session, Repository repository) {
    return new Object[] {
      "backup",
      asked.backup().name(),
      "type",
      asked.parameters().type().label(),
      "stanza",
      session.stanza().name(),
      "repository",
      repository.label()
    };
  }
}
