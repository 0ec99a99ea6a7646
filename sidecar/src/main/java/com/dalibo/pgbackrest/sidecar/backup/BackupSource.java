package com.dalibo.pgbackrest.sidecar.backup;

/// What this instance is to the Cluster that is backed up.
sealed interface BackupSource {
  /// Its primary: all is here.
  record Primary() implements BackupSource {}

  /// A standby of the instance `primary`: the files are read here, and what only a primary can do,
  /// begin and end the backup, is done there.
  record Standby(String primary) implements BackupSource {}
}
