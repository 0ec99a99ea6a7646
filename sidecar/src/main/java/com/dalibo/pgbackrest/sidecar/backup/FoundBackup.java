package com.dalibo.pgbackrest.sidecar.backup;

import com.dalibo.pgbackrest.info.BackupInfo;
import com.dalibo.pgbackrest.info.StanzaInfo;
import java.util.Optional;

/// The backup that was asked for, in what its repository answered.
record FoundBackup(StanzaInfo info, BackupInfo backup) {
  static Optional<FoundBackup> in(Optional<StanzaInfo> info, RequestedBackup requested) {
    return info.flatMap(
        stanza ->
            stanza.backups().stream()
                .filter(
                    backup ->
                        requested
                            .backup()
                            .uid()
                            .equals(backup.annotations().get(RequestedBackup.BACKUP_UID)))
                .findFirst()
                .map(backup -> new FoundBackup(stanza, backup)));
  }
}
