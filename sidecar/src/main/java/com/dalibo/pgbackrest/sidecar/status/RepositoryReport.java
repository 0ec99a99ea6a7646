package com.dalibo.pgbackrest.sidecar.status;

import com.dalibo.pgbackrest.command.Expiration;
import com.dalibo.pgbackrest.info.ArchiveInfo;
import com.dalibo.pgbackrest.info.BackupInfo;
import com.dalibo.pgbackrest.info.BackupType;
import com.dalibo.pgbackrest.info.DatabaseInfo;
import com.dalibo.pgbackrest.info.RepositoryInfo;
import com.dalibo.pgbackrest.info.StanzaInfo;
import com.dalibo.pgbackrest.info.StatusCode;
import com.dalibo.pgbackrest.sidecar.remedy.StoreRemedy;
import com.dalibo.pgbackrest.sidecar.wal.RetainedWal;
import com.dalibo.pgbackrest.sidecar.wal.WalGap;
import com.dalibo.pgbackrest.sidecar.walarchive.ArchivingStatistics;
import com.dalibo.pgbackrest.stanza.api.Repository;
import com.dalibo.pgbackrest.stanza.api.status.BackupSummary;
import com.dalibo.pgbackrest.stanza.api.status.BackupsCount;
import com.dalibo.pgbackrest.stanza.api.status.ExpirationStatus;
import com.dalibo.pgbackrest.stanza.api.status.RepositoryStatus;
import com.dalibo.pgbackrest.stanza.api.status.RunningBackupStatus;
import com.dalibo.pgbackrest.stanza.api.status.StatusTime;
import com.dalibo.pgbackrest.stanza.api.status.VerifyStatus;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What is known of one repository after it was asked: its answer or, where there was none, what
/// was known before.
///
/// @param before the last status of this repository at this place
/// @param archive what became of the WAL of this process
/// @param kept the WAL that retention leaves
/// @param gaps the ranges of it that are missing since the oldest backup
/// @param expiration what an edited retention will remove, where that was asked now
/// @param verified what this sidecar's last verification found
/// @param now after which nothing can be restored yet, whatever clock has said so
record RepositoryReport(
    Repository repository,
    StanzaInfo info,
    Optional<RepositoryStatus> before,
    ArchivingStatistics.Counts archive,
    RetainedWal kept,
    List<WalGap> gaps,
    Optional<Expiration> expiration,
    Optional<VerifyStatus> verified,
    Instant now) {

  RepositoryStatus status() {
    var answer = info.repository(repository.index());
    if (answer.isEmpty() || !answer.get().readable()) {
      return unreachable(
          answer
              .map(state -> StoreRemedy.of(state.message()))
              .orElse("pgbackrest info did not report it"));
    }
    return reachable(answer.get());
  }

  private RepositoryStatus reachable(RepositoryInfo answer) {
    var backups = backups();
    var first = backups.stream().min(Comparator.comparing(BackupInfo::timestampStop));
    var last = backups.stream().max(Comparator.comparing(BackupInfo::timestampStop));
    var wal = storedWal();
    var created =
        answer.code() != StatusCode.MISSING_STANZA_PATH
            && answer.code() != StatusCode.MISSING_STANZA_DATA;
    return new RepositoryStatus(
        repository.name().orElse(null),
        repository.index(),
        repository.storage().word(),
        repository.storage().location(),
        answer.code().number(),
        message(answer, created),
        answer.cipher(),
        created,
        counts(backups),
        first.map(RepositoryReport::summary).orElse(null),
        last.map(RepositoryReport::summary).orElse(null),
        wal.map(ArchiveInfo::min).orElse(null),
        wal.map(ArchiveInfo::max).orElse(null),
        backups.stream().mapToLong(backup -> backup.repositoryDelta().orElse(0)).sum(),
        last.map(newest -> earliestRestorable(backups, newest)).map(Instant::toString).orElse(null),
        last.map(this::latestRestorable).map(Instant::toString).orElse(null),
        gaps.stream().map(WalGap::toString).toList(),
        lastVerify(),
        runningBackup(),
        willExpire(last));
  }

  private static String message(RepositoryInfo answer, boolean created) {
    return switch (answer.code()) {
      case MISSING_STANZA_DATA ->
          "no 'backup.info': if it was deleted, restore it from an earlier version in the store;"
              + " otherwise it is created with the next WAL file";
      default -> created ? answer.message() : "no stanza yet; it is created with the next WAL file";
    };
  }

  /// Trouble never erases what was known.
  private RepositoryStatus unreachable(String words) {
    return new RepositoryStatus(
        repository.name().orElse(null),
        repository.index(),
        repository.storage().word(),
        repository.storage().location(),
        StatusCode.OTHER.number(),
        words,
        before.map(RepositoryStatus::cipher).orElse(null),
        before.map(RepositoryStatus::stanzaCreated).orElse(null),
        before.map(RepositoryStatus::backupsCount).orElse(null),
        before.map(RepositoryStatus::firstBackup).orElse(null),
        before.map(RepositoryStatus::lastBackup).orElse(null),
        before.map(RepositoryStatus::archiveMin).orElse(null),
        before.map(RepositoryStatus::archiveMax).orElse(null),
        before.map(RepositoryStatus::size).orElse(null),
        before.map(RepositoryStatus::earliestRestorableTime).orElse(null),
        before.map(RepositoryStatus::latestRestorableTime).orElse(null),
        before.map(RepositoryStatus::walGaps).orElse(null),
        lastVerify(),
        null,
        before.map(RepositoryStatus::willExpire).orElse(null));
  }

  /// That of another sidecar, which was primary before, may be younger.
  private @Nullable VerifyStatus lastVerify() {
    var known = before.map(RepositoryStatus::lastVerify);
    return Stream.concat(verified.stream(), known.stream())
        .max(Comparator.comparing(result -> String.valueOf(result.time())))
        .orElse(null);
  }

  /// The instance that is backed up knows how far it is; another one knows only that it is.
  private @Nullable RunningBackupStatus runningBackup() {
    var lock = info.backupLock();
    if (lock.held() && lock.progress().isEmpty()) {
      return before.map(RepositoryStatus::runningBackup).orElse(null);
    }
    return lock.progress(repository.index())
        .map(
            progress ->
                new RunningBackupStatus(
                    progress.size(),
                    progress.completed(),
                    progress.size() == 0
                        ? 0
                        : (int) (100 * progress.completed() / progress.size())))
        .orElse(null);
  }

  /// Until a backup has been made, which carries it out.
  private @Nullable ExpirationStatus willExpire(Optional<BackupInfo> last) {
    if (expiration.isPresent()) {
      return stillThere(expiration.get())
          ? new ExpirationStatus(expiration.get().backups(), expiration.get().archives())
          : null;
    }
    var newest = before.map(RepositoryStatus::lastBackup).map(BackupSummary::label);
    return last.map(BackupInfo::label).equals(newest)
        ? before.map(RepositoryStatus::willExpire).orElse(null)
        : null;
  }

  /// A backup may have carried it out since it was asked.
  private boolean stillThere(Expiration expected) {
    return expected.backups().isEmpty()
        ? !expected.archives().isEmpty()
        : expected.backups().stream()
            .anyMatch(label -> info.backup(repository.index(), label).isPresent());
  }

  /// Those that could be restored: one that still waits for its WAL is none yet.
  private List<BackupInfo> backups() {
    return info.backups(repository.index())
        .filter(backup -> !backup.error() && info.reachesEnd(backup))
        .toList();
  }

  private Optional<ArchiveInfo> storedWal() {
    return info.currentDatabase(repository.index())
        .map(DatabaseInfo::id)
        .flatMap(id -> info.archive(repository.index(), id));
  }

  /// The end of the oldest backup after which no WAL is lacking: neither by retention nor by a gap
  /// nor by a major upgrade.
  private Instant earliestRestorable(List<BackupInfo> backups, BackupInfo newest) {
    return backups.stream()
        .filter(backup -> backup.databaseId() == newest.databaseId())
        .filter(kept::goesOnAfter)
        .filter(backup -> gaps.stream().noneMatch(gap -> gap.isAfterStartOf(backup)))
        .map(BackupInfo::timestampStop)
        .min(Comparator.naturalOrder())
        .orElse(newest.timestampStop());
  }

  /// The end of the newest backup, and of the WAL after it; a gap ends what can be replayed, and so
  /// does a major upgrade. A node whose clock was ahead may have written the last time, and a
  /// target until then would be taken for archived.
  private Instant latestRestorable(BackupInfo newest) {
    var end = newest.timestampStop();
    var isOfNow =
        info.currentDatabase(repository.index())
            .filter(database -> database.id() == newest.databaseId())
            .isPresent();
    if (!isOfNow || gaps.stream().anyMatch(gap -> gap.isAfterStartOf(newest))) {
      return end;
    }
    var known = before.map(RepositoryStatus::latestRestorableTime).flatMap(StatusTime::parse);
    return Stream.concat(
            Stream.of(end),
            Stream.concat(archivedUntil(newest).stream(), known.stream())
                .filter(time -> !time.isAfter(now)))
        .max(Comparator.naturalOrder())
        .orElse(end);
  }

  private Optional<Instant> archivedUntil(BackupInfo newest) {
    var lost = archive.lastDropped().filter(at -> !newest.timestampStart().isAfter(at));
    return lost.isPresent() ? Optional.empty() : archive.archivedUntil();
  }

  static BackupsCount counts(List<BackupInfo> backups) {
    return new BackupsCount(
        count(backups, BackupType.FULL),
        count(backups, BackupType.DIFF),
        count(backups, BackupType.INCR));
  }

  private static int count(List<BackupInfo> backups, BackupType type) {
    return (int) backups.stream().filter(backup -> backup.type() == type).count();
  }

  private static BackupSummary summary(BackupInfo backup) {
    return new BackupSummary(
        backup.label(),
        backup.type().label(),
        backup.prior(),
        new BackupSummary.Range(backup.archiveStart(), backup.archiveStop()),
        new BackupSummary.Range(
            Optional.ofNullable(backup.lsnStart()).map(Object::toString).orElse(null),
            Optional.ofNullable(backup.lsnStop()).map(Object::toString).orElse(null)),
        new BackupSummary.Timestamps(
            backup.timestampStart().getEpochSecond(), backup.timestampStop().getEpochSecond()));
  }
}
