package com.dalibo.pgbackrest.sidecar;

import java.nio.file.Path;

/// What CNPG appends to `custom.conf` for the recovery of a restored cluster.
///
/// Recovery targets are not here: CNPG writes them itself, after these lines. The command asks
/// CNPG's own `wal-restore` until there is an answer. CNPG answers 1 for "no such segment" and for
/// every trouble alike, and PostgreSQL takes 1 as the end of WAL; so 1 is passed on only when the
/// sidecar left a note in the miss directory that every repository was asked and has no such file.
/// Anything else waits, and in the end fails the recovery (any status above 128 does) rather than
/// promoting short of its target. Timeline histories are exempt, because CNPG may refuse them
/// without asking us; [HistoryFiles] has put those in place before.
record RecoveryConfiguration(String walRestore, Path missDirectory, int tries) {
  private static final String CNPG_WAL_RESTORE =
      "/controller/manager wal-restore --log-destination /controller/log/postgres.json %f %p";

  static RecoveryConfiguration ofCnpg(Path missDirectory) {
    return new RecoveryConfiguration(CNPG_WAL_RESTORE, missDirectory, 600);
  }

  String render() {
    // CNPG up to 1.30 may hand a time ending in 'Z' to PostgreSQL, which reads that as the name of
    // a time zone and knows no names yet while it reads its configuration, unless told before.
    return """
        timezone_abbreviations = 'Default'
        recovery_target_action = 'promote'
        restore_command = '%s'
        """
        .formatted(command().replace("'", "''"));
  }

  /// One line of shell. PostgreSQL replaces `%f` and `%p`; every other `%` has to be doubled.
  private String command() {
    return ("n=0; while :; do %s && exit 0; case %%f in *.history) exit 1;; esac;"
            + " test -e %s/%%f && exit 1; n=$((n+1));"
            + " if test $n -ge %d; then echo gave up waiting for %%f after %d tries: see the log of"
            + " container pgbackrest-plugin >&2; exit 255; fi; sleep 1; done")
        .formatted(walRestore, quoted(missDirectory), tries, tries);
  }

  private static String quoted(Path path) {
    return "'" + path.toString().replace("'", "'\\''").replace("%", "%%") + "'";
  }
}
