package com.dalibo.pgbackrest.sidecar.remedy;

/// Of SFTP servers.
final class SftpRemedies {
  static final Remedy DIRECTORY =
      new Remedy(
          "sftp error \\[(?:3|12)\\]",
          "give the SFTP user read and write access to 'repoPath' on the server, or correct 'repoPath' in the Stanza");

  static final Remedy UNKNOWN_HOST_KEY =
      new Remedy(
          "known hosts failure",
          "the server does not present a key that 'knownHosts' in the Stanza has for it: correct the line, as ssh-keyscan"
              + " prints it, after checking that the key is the server's");

  static final Remedy OTHER_FINGERPRINT =
      new Remedy(
          "configured fingerprint",
          "the server does not present the key of 'hostFingerprint' in the Stanza: correct it after checking that the key is"
              + " the server's");

  static final Remedy PASSPHRASE =
      new Remedy(
          "public key authentication failed: libssh2 error \\[-16\\]",
          "the private key cannot be read with this passphrase: correct the Secret that 'secretRef.privateKey' or"
              + " 'secretRef.passphrase' names");

  static final Remedy KEY_REFUSED =
      new Remedy(
          "public key authentication failed",
          "correct 'user' in the Stanza, or the key or passphrase in the Secret that 'secretRef' names; the log of the server"
              + " says which, and its authorized_keys needs the public key");

  static final Remedy NO_ANSWER =
      new Remedy(
          "libssh2 handshake|libssh2_sftp session",
          "no SFTP server answers at this host and port: see that it runs, has its SFTP subsystem, admits this pod and as many"
              + " connections at once as 'processMax' (MaxStartups), shares a method of key exchange with libssh2, and that the"
              + " 'ChrootDirectory' of the user belongs to root; its log says which; or correct 'host' or 'port' in the Stanza");

  static final Remedy FAILURE =
      new Remedy(
          "sftp error \\[4\\]",
          "the SFTP server does not say why: its file system is probably full, over a quota or read-only; its log may say"
              + " more; make room, or correct 'repoPath' in the Stanza");

  static final Remedy NO_DIRECTORY =
      new Remedy(
          "stanza-create failed \\[139 killed\\]: it crashed with signal 11",
          "with a repository on an SFTP server, pgBackRest crashes where the server cannot create 'repoPath': create that"
              + " directory for the SFTP user, correct 'repoPath' in the Stanza, or see whether the file system is read-only");

  private SftpRemedies() {}
}
