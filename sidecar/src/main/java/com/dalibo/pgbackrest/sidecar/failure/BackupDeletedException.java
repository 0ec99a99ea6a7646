package com.dalibo.pgbackrest.sidecar.failure;

/// A backup under way was stopped because nobody wants it any more: its Backup object is gone.
public final class BackupDeletedException extends Exception {
  private static final long serialVersionUID = 1L;

  public BackupDeletedException(String message) {
    super(message);
  }
}
