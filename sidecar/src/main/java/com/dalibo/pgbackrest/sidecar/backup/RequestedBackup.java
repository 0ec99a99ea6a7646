package com.dalibo.pgbackrest.sidecar.backup;

import com.dalibo.pgbackrest.cnpgi.object.Backup;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.sidecar.ownership.ArchiveContents;
import java.util.LinkedHashMap;
import java.util.Map;

/// A backup that was asked for, and what the data directory says.
///
/// @param walSegmentSize in bytes
record RequestedBackup(
    Cluster cluster,
    Backup backup,
    BackupParameters parameters,
    BackupSource source,
    int walSegmentSize) {
  /// The annotation that holds the uid of the Backup.
  static final String BACKUP_UID = "cnpg-backup-uid";

  /// What pgBackRest keeps with the backup.
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
