package com.dalibo.pgbackrest.sidecar.remedy;

/// Of what is in a repository, whatever its type.
final class ContentRemedies {
  static final Remedy LABEL_NOT_LATER =
      new Remedy(
          "is not later than latest backup label",
          "the label of a backup is its local time: if the time zone of the container was changed ('TZ' in the Cluster's"
              + " 'env'), change it back; if the clock of a node is wrong, correct it (NTP); otherwise create a new Backup"
              + " after the time in the latest label");

  static final Remedy BACKUP_DAMAGED =
      new Remedy(
          DamagedBackup.SIGN,
          "a file of the backup is damaged or missing in the repository: restore from another backup ('backupID') or another"
              + " repository ('selectedRepository'), and take a new full backup of the source");

  static final Remedy OTHER_PASSWORD =
      new Remedy(
          "key/value found outside of section|cipher header (?:invalid|missing)"
              + "|(?:CryptoError|crypto)[:\\]]+ unable to flush",
          "the content of the repository was not encrypted with the password in the Stanza, or is not encrypted: correct the"
              + " Secret that 'cipherConfig.encryptionPass' names, or 'cipherConfig'");

  static final Remedy INFO_MISSING =
      new Remedy(
          "unable to open missing file '[^']*?((?:archive|backup)/[^/']+/(?:archive|backup)\\.info)\\.copy'",
          "'%s' and its copy are not in the repository: correct 'repoPath' in the Stanza if it is elsewhere; if they were"
              + " deleted, restore them from an earlier version in the store, or give this repository another 'repoPath' and"
              + " take a full backup");

  static final Remedy INFO_INCOMPLETE =
      new Remedy(
          "(?:archive|backup)\\.info is missing|(?:archive|backup) directory not empty",
          "the stanza is incomplete: if 'archive.info' or 'backup.info' was deleted, restore it from an earlier version in the"
              + " store; otherwise give this repository another 'repoPath' in the Stanza, to which WAL goes at once, and take"
              + " a full backup");

  private ContentRemedies() {}
}
