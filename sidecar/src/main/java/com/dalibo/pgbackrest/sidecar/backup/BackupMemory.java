package com.dalibo.pgbackrest.sidecar.backup;

import com.dalibo.pgbackrest.sidecar.session.ProcessBound;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.sidecar.session.WalProcesses;

/// What a backup takes of the memory of this container: WAL is left the rest of it.
public final class BackupMemory {
  private final WalProcesses walProcesses;

  public BackupMemory(WalProcesses walProcesses) {
    this.walProcesses = walProcesses;
  }

  /// A backup begins; it ends when this is closed.
  WalProcesses.Backup take(StanzaSession session) {
    return walProcesses.besideBackup(ProcessBound.ofBackup(session.configuration()));
  }
}
