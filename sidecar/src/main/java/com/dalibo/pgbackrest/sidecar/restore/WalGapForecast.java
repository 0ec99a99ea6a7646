package com.dalibo.pgbackrest.sidecar.restore;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.info.BackupInfo;
import com.dalibo.pgbackrest.info.StanzaInfo;
import com.dalibo.pgbackrest.postgres.TargetTimeline;
import com.dalibo.pgbackrest.postgres.Timelines;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.kubernetes.Events;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.sidecar.wal.RecoveryPath;
import com.dalibo.pgbackrest.sidecar.wal.WalGap;
import com.dalibo.pgbackrest.sidecar.walrestore.RecoveryGapCheck;
import com.dalibo.pgbackrest.stanza.api.reason.RestoreReason;
import java.util.Optional;

/// The WAL between a backup and the end of all archives together, which a recovery to the latest
/// will ask for. Its first hole is told when recovery begins: the copy may take hours, and only
/// then recovery comes to the hole and waits ([RecoveryGapCheck]).
record WalGapForecast(StanzaSession session, StanzaInfo info, Timelines timelines, Events events) {
  private static final Log log = Log.named("restore");

  /// Aside, so that nothing waits for it.
  void look(Cluster cluster, BackupInfo backup, TargetTimeline target) {
    Thread.ofVirtual().name("wal-ahead").start(() -> report(cluster, backup, target));
  }

  private void report(Cluster cluster, BackupInfo backup, TargetTimeline target) {
    try {
      var hole =
          hole(backup, target).filter(gap -> !RecoveryGapCheck.accepts(cluster, gap.first()));
      if (hole.isPresent()) {
        var message =
            "recovery from backup '%s' will reach WAL file '%s' and wait: it is in no repository of stanza '%s', but later WAL is. %s"
                .formatted(
                    backup.label(),
                    hole.get().first(),
                    session.stanza().name(),
                    RecoveryGapCheck.remedy(cluster, hole.get().first()));
        log.warning(message);
        events.warning(cluster, RestoreReason.RECOVERY_TARGET_AT_RISK, message);
      }
    } catch (PgBackRestException | PreconditionException unknown) {
      log.info("cannot determine whether the WAL has gaps", "cause", unknown.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<WalGap> hole(BackupInfo backup, TargetTimeline target)
      throws PgBackRestException, PreconditionException, InterruptedException {
    return RecoveryPath.of(session, info, timelines, backup, target)
        .flatMap(path -> path.gaps().stream().findFirst());
  }
}
