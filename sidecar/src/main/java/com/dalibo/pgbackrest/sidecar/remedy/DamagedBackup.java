package com.dalibo.pgbackrest.sidecar.remedy;

import com.dalibo.pgbackrest.error.UnreadableContent;

/// The ways in which pgBackRest 2.60 tells that a backup is not as it was made. A file is read by a
/// `local` process, the manifest by the main one, which asks whether it is encrypted though it has
/// read its password from `backup.info`.
final class DamagedBackup {

  private static final String FILE =
      "raised from local-\\d+ [^:]*: (?:"
          + "error restoring '[^']*': actual checksum"
          + "|unable to open missing file '[^']*/backup/"
          + "|"
          + UnreadableContent.SIGN
          + ")";

  private static final String MANIFEST =
      "unable to load backup manifest file .*?"
          + "(?:FormatError|ChecksumError|FileMissingError|CryptoError: (?:"
          + UnreadableContent.SIGN
          + "))";

  static final String SIGN = FILE + "|" + MANIFEST;

  private DamagedBackup() {}
}
