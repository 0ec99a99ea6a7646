package com.dalibo.pgbackrest.sidecar.backup;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.sidecar.kubernetes.Events;
import com.dalibo.pgbackrest.sidecar.settings.MemoryLimit;
import com.dalibo.pgbackrest.stanza.api.reason.BackupReason;
import java.time.Instant;

/// Says of backups that ended with an earlier process of this container that they did, and where to
/// look for the reason: CNPG itself only knows that the sidecar no longer answers.
public final class InterruptedBackups {
  private static final Log log = Log.named("backup");

  private final String podName;
  private final RunningBackupMarkers markers;
  private final MemoryLimit limit;
  private final BackupStatistics statistics;
  private final Events events;

  public InterruptedBackups(
      String podName,
      RunningBackupMarkers markers,
      MemoryLimit limit,
      BackupStatistics statistics,
      Events events) {
    this.podName = podName;
    this.markers = markers;
    this.limit = limit;
    this.statistics = statistics;
    this.events = events;
  }

  public void report() {
    for (var cutOff : markers.left()) {
      var words =
          ("backup '%s' was interrupted when the container pgbackrest-plugin of pod '%s' ended, "
                  + "and is in no repository: create a new Backup. 'kubectl describe pod %s' "
                  + "shows under 'Last State' why the container ended%s")
              .formatted(cutOff.backup().name(), podName, podName, hint());
      statistics.failed(Instant.now());
      log.warning("backup failed", "backup", cutOff.backup().name(), "cause", words);
      events.warning(cutOff.backup(), BackupReason.BACKUP_FAILED, words);
      events.warning(cutOff.cluster(), BackupReason.BACKUP_FAILED, words);
    }
  }

  private String hint() {
    return limit.remedy().map("; "::concat).orElse("");
  }
}
