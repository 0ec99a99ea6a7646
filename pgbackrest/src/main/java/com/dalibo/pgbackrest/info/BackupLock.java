package com.dalibo.pgbackrest.info;

import java.util.List;
import java.util.Optional;

/// Whether a backup of the stanza runs on this machine, and how far it has come. Before its files
/// are listed, and before pgBackRest 2.59, only that it runs is known.
public record BackupLock(boolean held, List<Progress> progress) {
  public static final BackupLock FREE = new BackupLock(false, List.of());

  public BackupLock {
    progress = List.copyOf(progress);
  }

  /// A backup into one repository.
  ///
  /// @param size what is to be copied, in bytes
  /// @param completed what has been copied
  public record Progress(int repository, long size, long completed) {}

  public Optional<Progress> progress(int repository) {
    return progress.stream().filter(one -> one.repository() == repository).findFirst();
  }
}
