package com.dalibo.pgbackrest.sidecar.retention;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.command.DryRun;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.info.BackupInfo;
import com.dalibo.pgbackrest.info.RepositoryInfo;
import com.dalibo.pgbackrest.info.StanzaInfo;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.stanza.api.Repository;
import com.dalibo.pgbackrest.stanza.api.RepositoryIdentity;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Removes what retention no longer wants, after each backup that has proved to be good. A
/// repository that has trouble then owes it, and it is removed when that is well, not only after
/// the next backup.
public final class Expiry {
  private static final Log log = Log.named("retention");

  /// With the label of the backup that has proved to be good.
  private final Map<RepositoryIdentity, String> owed = new ConcurrentHashMap<>();

  boolean isAnyOwed() {
    return !owed.isEmpty();
  }

  /// Removes it where it is owed and can be removed now, while no backup runs or is being proved.
  /// With a later backup in the repository it is no longer owed: that one counts for retention, and
  /// has yet to prove that it is good.
  void makeUp(StanzaSession session, StanzaInfo info) throws InterruptedException {
    for (var repository : session.repositories()) {
      var proved = owed.get(RepositoryIdentity.of(session.stanza(), repository));
      if (proved != null
          && info.repository(repository.index()).filter(RepositoryInfo::readable).isPresent()) {
        if (newest(info, repository).equals(Optional.of(proved))) {
          expire(session, repository, info, proved);
        } else {
          owed.remove(RepositoryIdentity.of(session.stanza(), repository));
        }
      }
    }
  }

  /// Removes it now, or later.
  ///
  /// @param info what the repository has answered since that backup
  /// @param proved the label of the newest backup, which has proved to be good
  public void expire(StanzaSession session, Repository repository, StanzaInfo info, String proved)
      throws InterruptedException {
    var identity = RepositoryIdentity.of(session.stanza(), repository);
    try {
      removeDamaged(session, repository, info, proved);
      var removed = session.pgBackRest().expire(repository.index(), DryRun.NO);
      owed.remove(identity);
      if (!removed.isEmpty()) {
        log.info(
            "expired backups and WAL outside the retention policy",
            session.names(repository, "backups", removed.backups()));
      }
    } catch (PgBackRestException failure) {
      owed.put(identity, proved);
      log.warning(
          "cannot expire backups and WAL yet",
          session.names(repository, "cause", failure.getMessage()));
    }
  }

  /// After a damaged backup: the damaged full ones before it serve nobody now, and as long as there
  /// is damage no good one comes that others are removed for.
  public void replaceDamaged(
      StanzaSession session, Repository repository, StanzaInfo info, String newer)
      throws InterruptedException {
    try {
      removeDamaged(session, repository, info, newer);
    } catch (PgBackRestException failure) {
      log.warning(
          "cannot remove earlier damaged backups",
          session.names(repository, "cause", failure.getMessage()));
    }
  }

  /// pgBackRest counts them for retention, which would keep fewer good ones than were asked for.
  private static void removeDamaged(
      StanzaSession session, Repository repository, StanzaInfo info, String newer)
      throws PgBackRestException, InterruptedException {
    for (var label : damaged(info, repository, newer)) {
      var _ = session.pgBackRest().expire(repository.index(), label);
      log.info(
          "removed a damaged backup: there is a newer one",
          session.names(repository, "backupLabel", label));
    }
  }

  private static List<String> damaged(StanzaInfo info, Repository repository, String newer) {
    return info.backups(repository.index())
        .filter(backup -> backup.error() && backup.references().isEmpty())
        .map(BackupInfo::label)
        .filter(label -> label.compareTo(newer) < 0)
        .filter(
            label ->
                info.backups(repository.index())
                    .filter(other -> other.references().contains(label))
                    .allMatch(other -> other.error() && !other.label().equals(newer)))
        .toList();
  }

  private static Optional<String> newest(StanzaInfo info, Repository repository) {
    return info.backups(repository.index())
        .max(Comparator.comparing(BackupInfo::timestampStop))
        .map(BackupInfo::label);
  }
}
