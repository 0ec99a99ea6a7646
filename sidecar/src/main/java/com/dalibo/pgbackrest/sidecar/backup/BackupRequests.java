package com.dalibo.pgbackrest.sidecar.backup;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Backup;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.sidecar.failure.BackupDeletedException;
import com.dalibo.pgbackrest.sidecar.failure.FailureWords;
import com.dalibo.pgbackrest.sidecar.kubernetes.Events;
import com.dalibo.pgbackrest.sidecar.kubernetes.ObjectReference;
import com.dalibo.pgbackrest.stanza.api.reason.BackupReason;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/// Requests for backups: each within its time limit and as long as its Backup is there, marked
/// while it runs, counted, and reported on the Backup and its Cluster.
public final class BackupRequests {
  private static final Duration NO_LIMIT = Duration.ofDays(365);
  private static final Log log = Log.named("backup");

  private final RunningBackups<CompletedBackup> running = new RunningBackups<>();
  private final BaseBackups baseBackups;
  private final DeletionWatch watch;
  private final BackupStatistics statistics;
  private final RunningBackupMarkers markers;
  private final Events events;

  public BackupRequests(
      BaseBackups baseBackups,
      DeletionWatch watch,
      BackupStatistics statistics,
      RunningBackupMarkers markers,
      Events events) {
    this.baseBackups = baseBackups;
    this.watch = watch;
    this.statistics = statistics;
    this.markers = markers;
    this.events = events;
  }

  /// Answers when the backup is complete, or throws what kept it from that.
  public CompletedBackup run(Cluster cluster, Backup backup, BackupParameters parameters)
      throws Exception {
    var objects =
        new RunningBackupMarkers.Marked(
            ObjectReference.of(cluster, backup), ObjectReference.of(cluster));
    try (var _ = markers.set(objects)) {
      var result = runInTime(cluster, backup, parameters);
      events.normal(
          ObjectReference.of(cluster, backup),
          BackupReason.BACKUP_COMPLETED,
          "backup '%s' can be restored: it is in the repository with all WAL it needs"
              .formatted(result.label()));
      return result;
    } catch (InterruptedException stopped) {
      throw stopped;
    } catch (BackupDeletedException deletion) {
      var words = FailureWords.of(deletion);
      log.info("backup stopped", "backup", backup.name(), "cause", words);
      events.normal(ObjectReference.of(cluster, backup), BackupReason.BACKUP_STOPPED, words);
      events.normal(cluster, BackupReason.BACKUP_STOPPED, words);
      throw deletion;
    } catch (Exception failure) {
      statistics.failed(Instant.now());
      var words = FailureWords.of(failure);
      log.warning("backup failed", "backup", backup.name(), "cause", words);
      events.warning(ObjectReference.of(cluster, backup), BackupReason.BACKUP_FAILED, words);
      events.warning(
          cluster, BackupReason.BACKUP_FAILED, "backup '%s': %s".formatted(backup.name(), words));
      throw failure;
    }
  }

  private CompletedBackup runInTime(Cluster cluster, Backup backup, BackupParameters parameters)
      throws Exception {
    var limit = parameters.timeout().orElse(NO_LIMIT);
    try {
      return watched(cluster, backup, parameters, limit);
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof Exception exception ? exception : failed;
    } catch (TimeoutException late) {
      var timeout =
          new TimeoutException(
              ("backup '%s' of cluster '%s' was stopped after %d s, its 'timeout'; raise it, or "
                      + "take a smaller backup with backupType incr or diff")
                  .formatted(backup.name(), cluster.name(), limit.toSeconds()));
      timeout.initCause(late);
      throw timeout;
    }
  }

  private CompletedBackup watched(
      Cluster cluster, Backup backup, BackupParameters parameters, Duration limit)
      throws ExecutionException, TimeoutException, InterruptedException {
    try (var _ = watch.watch(cluster, backup, deletion -> running.fail(backup.uid(), deletion))) {
      return running.result(
          backup.uid(), limit, () -> baseBackups.run(cluster, backup, parameters));
    }
  }
}
