package com.dalibo.pgbackrest.sidecar.choice;

import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.info.ArchiveInfo;
import com.dalibo.pgbackrest.info.BackupInfo;
import com.dalibo.pgbackrest.info.StanzaInfo;
import com.dalibo.pgbackrest.postgres.Timelines;
import com.dalibo.pgbackrest.selection.BackupSelection;
import com.dalibo.pgbackrest.selection.RecoveryGoal;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.sidecar.wal.Archives;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The timelines of each cluster whose backups a recovery may choose: a major upgrade begins again
/// at timeline 1.
///
/// @param each by the archives, in all repositories, of one cluster
record ArchivedTimelines(StanzaInfo info, Map<List<ArchiveInfo>, Timelines> each) {
  static ArchivedTimelines read(StanzaSession session, StanzaInfo info, RecoveryGoal goal)
      throws PgBackRestException, InterruptedException {
    var each = new HashMap<List<ArchiveInfo>, Timelines>();
    for (var backup : BackupSelection.candidates(info, goal)) {
      var archives = info.archives(backup);
      if (!each.containsKey(archives)) {
        each.put(archives, new Archives(session, archives).timelines());
      }
    }
    return new ArchivedTimelines(info, Map.copyOf(each));
  }

  /// Those of the cluster that a backup is of.
  Timelines of(BackupInfo backup) {
    return each.getOrDefault(info.archives(backup), Timelines.NONE);
  }
}
