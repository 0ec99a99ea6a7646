package com.dalibo.pgbackrest.stanza.api.reason;

import com.dalibo.pgbackrest.stanza.api.SidecarMemory;

/// What becomes of a backup and of its Backup object.
@SuppressWarnings("ImmutableEnumChecker")
public enum BackupReason implements Reason {
  BACKUP_COMPLETED(
      "BackupCompleted",
      "The backup and all WAL it needs are in the repository.",
      "Nothing.",
      EventOn.BACKUP),
  BACKUP_FAILED(
      "BackupFailed",
      "The message has pgBackRest's error code (see below) and text.",
      "Correct the cause and create a new Backup. If the message reports that the backup was"
          + " interrupted when the container `pgbackrest-plugin` ended, `kubectl describe pod`"
          + " shows the cause under `Last State`: `OOMKilled` means that"
          + " `resourcesRequirement.limits.memory` in the PluginConfig is too low for backups in"
          + " addition to archiving; "
          + SidecarMemory.ENOUGH
          + " or more is enough for most clusters, and one with many tables needs "
          + SidecarMemory.HUNDRED_THOUSAND_FILES
          + " more for each 100,000 files.",
      EventOn.BACKUP,
      EventOn.CLUSTER),
  BACKUP_MEMORY_LOW(
      "BackupMemoryLow",
      "The memory limit of the sidecar is too low for a backup of a database of this size while"
          + " WAL is archived; the kernel may end it.",
      "Raise the limit as the message says.",
      EventOn.BACKUP),
  BACKUP_STOPPED(
      "BackupStopped",
      "The backup was running when its Backup object was deleted, and was stopped. One "
          + "that was complete and only waited for its WAL stays in the repository until "
          + "retention removes it.",
      "Create a new Backup if you still need one.",
      EventOn.BACKUP,
      EventOn.CLUSTER),
  BACKUP_EXPIRED(
      "BackupExpired",
      "Retention removed a backup, and its Backup object was deleted with it.",
      "Nothing.",
      EventOn.CLUSTER),
  BACKUP_DELETED(
      "BackupDeleted",
      "A Backup object was deleted, and its backup was removed because of "
          + "`deletionPolicy: ExpireBackup`.",
      "Nothing.",
      EventOn.CLUSTER),
  BACKUP_NOT_EXPIRED(
      "BackupNotExpired",
      "A Backup object is deleted, but its backup could not be removed from the " + "repository.",
      "See `RepositoryUnreachable`. With `deletionPolicy: Retain` the object is deleted "
          + "at once, and the backup is kept.",
      EventOn.CLUSTER),
  BACKUPS_ADOPTED(
      "BackupsAdopted",
      "Backup objects were created for backups of a Cluster that is gone (`adoptBackups`).",
      "Nothing.",
      EventOn.STANZA),
  BACKUPS_NOT_ADOPTED(
      "BackupsNotAdopted",
      "Backups have no Backup object although the Stanza has `adoptBackups`: they name no "
          + "Cluster, a Cluster of that name is there, or the operator lacks the permission.",
      "Restore them by their label, or see the message.",
      EventOn.STANZA);

  private final Row row;

  BackupReason(String word, String meaning, String remedy, Place... places) {
    row = new Row(word, meaning, remedy, places);
  }

  @Override
  public Row row() {
    return row;
  }

  @Override
  public String toString() {
    return word();
  }
}
