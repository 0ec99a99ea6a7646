package com.dalibo.pgbackrest.sidecar.restore;

import java.nio.file.Path;

/// How PostgreSQL gets WAL in the recovery of a new cluster.
///
/// The command asks CNPG's own `wal-restore` until there is an answer. CNPG answers 1 for "no such
/// segment" and for every trouble alike, and PostgreSQL takes 1 as the end of WAL; so 1 is passed
/// on only when the sidecar left a note in the miss directory that every repository was asked and
/// has no such file. Anything else waits, and in the end fails the recovery (any status above 128
/// does) rather than promoting short of its target.
///
/// @param tries how often a file is asked for, with a second between
/// @param historyTries how often the history of a timeline is: some releases of CNPG refuse all of
///   them without asking us
public record RecoveryConfiguration(
    String walRestore, Path missDirectory, int tries, int historyTries) {
  private static final String CNPG_WAL_RESTORE =
      "/controller/manager wal-restore --log-destination /controller/log/postgres.json %f %p";

  /// After a restore, where [HistoryFiles] has put the histories in place.
  public static RecoveryConfiguration ofCnpg(Path missDirectory) {
    return new RecoveryConfiguration(CNPG_WAL_RESTORE, missDirectory, 600, 0);
  }

  /// From volume snapshots: a sidecar that is started again may take half a minute.
  static RecoveryConfiguration ofSnapshots(Path missDirectory) {
    return new RecoveryConfiguration(CNPG_WAL_RESTORE, missDirectory, 600, 30);
  }

  /// What CNPG appends to `custom.conf`. Recovery targets are not here: CNPG writes them itself,
  /// after these lines.
  public String render() {
    // CNPG up to 1.30 may hand a time ending in 'Z' to PostgreSQL, which reads that as the name of
    // a time zone and knows no names yet while it reads its configuration, unless told before.
    // A time without a zone means the one that RecoveryGoal reads it in, whatever zone the user
    // gave the cluster.
    // CNPG keeps the job from archiving with 'false', which PostgreSQL tries three times and more
    // at
    // each of its two shutdowns, for six seconds. With no command what is to be archived waits too.
    return """
        timezone_abbreviations = 'Default'
        timezone = 'UTC'
        archive_command = ''
        recovery_target_action = 'promote'
        %s
        """
        .formatted(setting(command()));
  }

  /// What is there in the one pod that recovers from snapshots. It stays while the misses are
  /// cleared by a sidecar that starts again, as PostgreSQL may ask just then.
  Path mark() {
    return missDirectory.resolveSibling("pgbackrest-recovers-from-snapshots");
  }

  /// The setting that counts where the mark is: without it the command is CNPG's own.
  String restoreCommandWhereMarked() {
    return setting("test -e %s || exec %s; %s".formatted(quoted(mark()), walRestore, command()));
  }

  private static String setting(String command) {
    return "restore_command = '%s'".formatted(command.replace("'", "''"));
  }

  /// One line of shell. PostgreSQL replaces `%f` and `%p`; every other `%` has to be doubled.
  private String command() {
    return ("n=0; while :; do %s && exit 0; case %%f in *.history) test $n -ge %d && exit 1;; esac;"
            + " test -e %s/%%f && exit 1; n=$((n+1));"
            + " if test $n -ge %d; then echo gave up waiting for %%f after %d tries: see the log of"
            + " container pgbackrest-plugin >&2; exit 255; fi; sleep 1; done")
        .formatted(walRestore, historyTries, quoted(missDirectory), tries, tries);
  }

  private static String quoted(Path path) {
    return "'" + path.toString().replace("'", "'\\''").replace("%", "%%") + "'";
  }
}
