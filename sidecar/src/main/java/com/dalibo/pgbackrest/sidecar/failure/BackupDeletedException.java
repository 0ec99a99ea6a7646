package com.dalibo.pgbackrest.sidecar.failure;

/// A backup under way was stopped because its Backup object was deleted.
public final class BackupDeletedException extends Exception {
  private static final long serialVersionUID = 1L;

  public BackupDeletedException(String message) {
    super(message);
  }
}
