package com.dalibo.pgbackrest.sidecar;

/// A backup under way was stopped, because nobody wants it any more: its Backup object is gone.
final class BackupDeletedException extends Exception {
  private static final long serialVersionUID = 1L;

  BackupDeletedException(String message) {
    super(message);
  }
}
