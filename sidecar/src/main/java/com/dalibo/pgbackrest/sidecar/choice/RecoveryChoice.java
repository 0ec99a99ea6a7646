package com.dalibo.pgbackrest.sidecar.choice;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.info.ArchiveInfo;
import com.dalibo.pgbackrest.info.BackupInfo;
import com.dalibo.pgbackrest.info.DatabaseInfo;
import com.dalibo.pgbackrest.info.RepositoryInfo;
import com.dalibo.pgbackrest.info.StanzaInfo;
import com.dalibo.pgbackrest.postgres.Timelines;
import com.dalibo.pgbackrest.postgres.WalFile;
import com.dalibo.pgbackrest.selection.BackupSelection;
import com.dalibo.pgbackrest.selection.BackupSelection.Choice;
import com.dalibo.pgbackrest.selection.RestoreTarget;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.failure.RepositoriesException;
import com.dalibo.pgbackrest.sidecar.failure.WrongMajorException;
import com.dalibo.pgbackrest.sidecar.remedy.StoreRemedy;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.stanza.api.reason.PlanReason;
import com.dalibo.pgbackrest.stanza.api.reason.Reason;
import com.dalibo.pgbackrest.stanza.api.reason.RestoreReason;
import com.dalibo.pgbackrest.stanza.api.reason.StanzaReason;
import com.dalibo.pgbackrest.stanza.cluster.RequestedRecovery;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReference;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/// The choice of a backup for the recovery of a Cluster: all repositories are asked, and the best
/// backup for the target is chosen among what those have that answer. It reads and writes nothing,
/// so that a plan makes the same choice as the restore.
public final class RecoveryChoice {
  private final Cluster cluster;
  private final StanzaReference reference;
  private final StanzaSession session;
  private final ChoiceReporter reporter;

  public RecoveryChoice(
      Cluster cluster, StanzaReference reference, StanzaSession session, ChoiceReporter reporter) {
    this.cluster = cluster;
    this.reference = reference;
    this.session = session;
    this.reporter = reporter;
  }

  /// The backup for what the Cluster asks for.
  ///
  /// @throws RepositoriesException where no backup leads there
  /// @throws PreconditionException where the Cluster could not run what is in the backup, or its
  ///   target is beyond the archive
  public ChosenBackup choose(RequestedRecovery requested)
      throws PgBackRestException,
          PreconditionException,
          RepositoriesException,
          InterruptedException {
    return choose(requested, info(session));
  }

  /// The backup for it, where only those of one repository are considered.
  public ChosenBackup chooseFrom(int repository, RequestedRecovery requested)
      throws PgBackRestException,
          PreconditionException,
          RepositoriesException,
          InterruptedException {
    return choose(requested, info(session).withBackupsOf(repository));
  }

  private ChosenBackup choose(RequestedRecovery requested, StanzaInfo info)
      throws PgBackRestException,
          PreconditionException,
          RepositoriesException,
          InterruptedException {
    var silent = info.repositories().stream().filter(state -> !state.readable()).toList();
    requireSomeAnswer(session, info, silent);
    silent.forEach(this::report);
    var archived = ArchivedTimelines.read(session, info, requested.request());
    var usable =
        switch (BackupSelection.choose(info, archived::of, requested.request())) {
          case Choice.Chosen chosen -> {
            chosen.passedOver().forEach(reporter::passedOver);
            yield new UsableBackup(
                    new RestorableWal(session, info, silent),
                    requested.request().target(),
                    reporter)
                .first(chosen);
          }
          case Choice.None(var reason) -> throw nothing(session, requested, info, silent, reason);
        };
    var backup = usable.backup();
    var timelines = archived.of(backup);
    requireSameMajor(cluster, info, backup);
    var lastWal =
        silent.isEmpty() ? lastWal(info, backup, timelines, requested) : Optional.<String>empty();
    if (lastWal.isPresent()) {
      new TargetReach(session, info, backup, lastWal.get()).require(requested);
    }
    return new ChosenBackup(
        reference,
        session.stanza(),
        session.repository(backup.repositoryKey()),
        backup,
        info.database(backup.repositoryKey(), backup.databaseId())
            .map(DatabaseInfo::systemId)
            .orElse(0L),
        lastWal,
        usable.tablespaces(),
        HistoryFiles.between(timeline(backup), requested.request().timeline(), timelines),
        info,
        timelines,
        silent);
  }

  /// PostgreSQL would say so after the copy, in its log only, and CNPG would have it made again.
  private static void requireSameMajor(Cluster cluster, StanzaInfo info, BackupInfo backup)
      throws PreconditionException {
    var image = cluster.postgresMajorVersion().map(String::valueOf);
    var version =
        info.database(backup.repositoryKey(), backup.databaseId()).map(DatabaseInfo::version);
    if (image.isPresent() && version.isPresent() && !image.equals(version)) {
      throw new WrongMajorException(
          ("backup '%s' is of PostgreSQL %s, and cluster '%s' has an image of PostgreSQL %s, which"
                  + " cannot run it: give the new cluster an image of PostgreSQL %s, and upgrade it"
                  + " afterwards")
              .formatted(
                  backup.label(), version.get(), cluster.name(), image.get(), version.get()));
    }
  }

  private static StanzaInfo info(StanzaSession session)
      throws PgBackRestException, PreconditionException, InterruptedException {
    var name = session.stanza().stanzaName();
    return session
        .pgBackRest()
        .info()
        .stanza(name)
        .orElseThrow(
            () ->
                new PreconditionException(
                    "repositories %s of stanza '%s' have no stanza '%s'; correct repoPath or stanzaConfiguration.name"
                        .formatted(
                            session.labels(session.numbers()), session.stanza().name(), name)));
  }

  private static void requireSomeAnswer(
      StanzaSession session, StanzaInfo info, List<RepositoryInfo> silent)
      throws RepositoriesException {
    if (silent.size() < info.repositories().size()) {
      return;
    }
    throw new RepositoriesException(
        "no repository of stanza '%s' can be read: %s"
            .formatted(session.stanza().name(), words(session, silent)),
        silent.stream().anyMatch(RepositoryInfo::isTransient),
        null);
  }

  /// Recovery goes on with the others: what they have may be older, but nothing is lost by that
  /// while their WAL is whole.
  private void report(RepositoryInfo repository) {
    reporter.unreachable(
        "repository %s of stanza '%s' cannot be read, so its backups are not considered: %s"
            .formatted(
                session.repository(repository.key()).label(),
                session.stanza().name(),
                StoreRemedy.of(repository.message())));
  }

  private static Optional<String> lastWal(
      StanzaInfo info, BackupInfo backup, Timelines timelines, RequestedRecovery requested) {
    var last = timelines.last(timeline(backup), requested.request().timeline());
    return info.archives(backup).stream()
        .map(ArchiveInfo::max)
        .filter(Objects::nonNull)
        .filter(segment -> WalFile.parse(segment).timeline() == last)
        .max(Comparator.naturalOrder());
  }

  private static int timeline(BackupInfo backup) {
    return backup.archiveStop() == null ? 1 : WalFile.parse(backup.archiveStop()).timeline();
  }

  private static RepositoriesException nothing(
      StanzaSession session,
      RequestedRecovery requested,
      StanzaInfo info,
      List<RepositoryInfo> silent,
      String reason) {
    var message = new StringBuilder(reason);
    earliest(BackupSelection.candidates(info, requested.request()))
        .filter(
            first ->
                requested.request().target() instanceof RestoreTarget.Time(var target)
                    && target.isBefore(first))
        .ifPresent(
            first ->
                message
                    .append("; the earliest time that can be restored is ")
                    .append(new RestoreTarget.Time(first.plusSeconds(1)).text()));
    if (info.backups().isEmpty()) {
      message
          .append("; if it has been backed up, correct the repositories of the Stanza: ")
          .append(places(session));
    }
    if (!silent.isEmpty()) {
      message.append("; not queried: ").append(words(session, silent));
    }
    return new RepositoriesException(
        why(requested, info),
        "no backup of stanza '%s' leads to %s: %s"
            .formatted(session.stanza().name(), requested.target(), message),
        silent.stream().anyMatch(RepositoryInfo::isTransient),
        null);
  }

  private static Reason why(RequestedRecovery requested, StanzaInfo info) {
    var request = requested.request();
    if (info.backups().isEmpty()) {
      return StanzaReason.NO_BACKUP;
    }
    var meant = BackupSelection.candidates(info, request);
    var isUnnamed =
        request.backupId().isEmpty()
            && (request.target() instanceof RestoreTarget.Xid
                || request.target() instanceof RestoreTarget.Name);
    if (isUnnamed || (request.backupId().isPresent() && meant.isEmpty())) {
      return PlanReason.PLAN_INVALID;
    }
    if (meant.isEmpty()) {
      return info.backups().stream().allMatch(BackupInfo::error)
          ? RestoreReason.BACKUP_UNUSABLE
          : StanzaReason.NO_BACKUP;
    }
    return meant.stream().allMatch(backup -> BackupSelection.endsAfter(backup, request.target()))
        ? PlanReason.TARGET_BEFORE_BACKUP
        : PlanReason.TARGET_OFF_TIMELINE;
  }

  private static String places(StanzaSession session) {
    return session.repositories().stream()
        .map(
            repository ->
                "repository %s is %s"
                    .formatted(repository.label(), repository.storage().location()))
        .collect(Collectors.joining(", "));
  }

  private static Optional<Instant> earliest(List<BackupInfo> backups) {
    return backups.stream().map(BackupInfo::timestampStop).min(Comparator.naturalOrder());
  }

  private static String words(StanzaSession session, List<RepositoryInfo> repositories) {
    return repositories.stream()
        .map(
            state ->
                "repository %s: %s"
                    .formatted(
                        session.repository(state.key()).label(), StoreRemedy.of(state.message())))
        .collect(Collectors.joining("; "));
  }
}
