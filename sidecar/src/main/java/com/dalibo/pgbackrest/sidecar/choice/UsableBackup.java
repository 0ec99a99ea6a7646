package com.dalibo.pgbackrest.sidecar.choice;

import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.info.BackupInfo;
import com.dalibo.pgbackrest.selection.BackupSelection.Choice;
import com.dalibo.pgbackrest.selection.RestoreTarget;
import com.dalibo.pgbackrest.sidecar.failure.RepositoriesException;
import com.dalibo.pgbackrest.stanza.api.reason.RestoreReason;
import java.util.ArrayList;
import java.util.List;

/// Of the backups that lead to the target the best one that is really there: what `info` lists is
/// what was written once.
final class UsableBackup {
  private final RestorableWal wal;
  private final RestoreTarget target;
  private final ChoiceReporter reporter;

  UsableBackup(RestorableWal wal, RestoreTarget target, ChoiceReporter reporter) {
    this.wal = wal;
    this.target = target;
    this.reporter = reporter;
  }

  /// @param tablespaces the names of those in the backup
  record Found(BackupInfo backup, List<String> tablespaces) {}

  Found first(Choice.Chosen chosen)
      throws PgBackRestException, RepositoriesException, InterruptedException {
    var candidates = new ArrayList<BackupInfo>();
    candidates.add(chosen.backup());
    candidates.addAll(chosen.others());
    var reasons = new ArrayList<String>();
    while (!candidates.isEmpty()) {
      var backup = withWal(candidates, reasons);
      var tablespaces =
          wal.session().pgBackRest().tablespaces(backup.repositoryKey(), backup.label());
      if (tablespaces.isPresent()) {
        reasons.forEach(reason -> reportFallback(reason, backup));
        return new Found(backup, tablespaces.get());
      }
      reasons.add(
          "backup '%s' cannot be used: its 'backup.manifest' is not in repository %s of stanza '%s'"
              .formatted(
                  backup.label(),
                  wal.session().repository(backup.repositoryKey()).label(),
                  wal.session().stanza().name()));
      candidates.subList(0, candidates.indexOf(backup) + 1).clear();
    }
    throw unusable(String.join("; ", reasons));
  }

  /// The best backup, if its WAL is whole. From an older one recovery would come to the same gap
  /// and end there, short of the target; so that is for the user to ask for, by name. Only a
  /// recovery that ends with its backup may start from any, and one where the archive ends within
  /// the best backup: from an older one it comes just as far.
  ///
  /// @param reasons gets why the best one is not taken
  private BackupInfo withWal(List<BackupInfo> candidates, List<String> reasons)
      throws RepositoriesException, InterruptedException {
    var best = candidates.getFirst();
    var lacking = wal.lacking(best);
    if (lacking.isEmpty()) {
      return best;
    }
    for (var older : candidates.subList(1, candidates.size())) {
      if (wal.lacking(older).isPresent()) {
        continue;
      }
      if (target instanceof RestoreTarget.Immediate || wal.isPastTheEnd(best)) {
        reasons.add(lacking.get());
        return older;
      }
      throw unusable(
          "%s. Recovery from the older backup '%s' would reach the same gap; to recover up to the gap, set backupID to that backup"
              .formatted(lacking.get(), older.label()));
    }
    throw unusable(lacking.get());
  }

  private RepositoriesException unusable(String reason) {
    return new RepositoriesException(
        RestoreReason.BACKUP_UNUSABLE,
        "no backup of stanza '%s' can be used: %s".formatted(wal.session().stanza().name(), reason),
        false,
        null);
  }

  private void reportFallback(String reason, BackupInfo instead) {
    reporter.unusable(
        "%s. Recovery starts from backup '%s' in repository %s instead"
            .formatted(
                reason,
                instead.label(),
                wal.session().repository(instead.repositoryKey()).label()));
  }
}
