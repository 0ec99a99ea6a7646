package com.dalibo.pgbackrest.sidecar.backup;

import com.dalibo.pgbackrest.info.BackupInfo;
import java.util.Map;

/// A backup that can be restored: it is in its repository with all WAL it needs.
///
/// @param instance where it was made
/// @param metadata what CNPG keeps with the Backup
public record CompletedBackup(String instance, BackupInfo backup, Map<String, String> metadata) {

  /// The name by which pgBackRest knows it.
  public String label() {
    return backup.label();
  }
}
