package com.dalibo.pgbackrest.sidecar.failure;

import com.dalibo.pgbackrest.stanza.contract.SidecarContract;
import java.util.regex.Pattern;

/// What a path in a message belongs to: CNPG and our operator give each kind of volume a place of
/// its own in a pod. A repository may have any path on its volume, also one that looks like another
/// kind.
enum PodPath {
  WAL(Names.OUTSIDE + "(?:/wal/pg_wal|" + Names.DATA + "/pg_wal)" + Names.BELOW),
  TABLESPACE(
      Names.OUTSIDE
          + "(?:/tablespaces/[^/']+/data|"
          + Names.DATA
          + "/pg_tblspc/[^/']+)"
          + Names.BELOW),
  DATA(Names.OUTSIDE + Names.DATA + Names.BELOW),
  SCRATCH(
      Names.OUTSIDE
          + "(?:"
          + SidecarContract.CONTROLLER_DIRECTORY
          + "/tmp|"
          + SidecarContract.RUN_DIRECTORY
          + ")"
          + Names.BELOW),
  REPOSITORY(
      "(?:"
          + SidecarContract.VOLUMES_DIRECTORY
          + Names.BELOW
          + "|[^']*/(?:archive|backup)"
          + Names.BELOW
          + ")");

  /// How pgBackRest and Java say that the user may not.
  private static final String REFUSAL =
      "'[^']*(?:\\[13\\] Permission denied|java\\.nio\\.file\\.AccessDeniedException)";

  private final String path;

  PodPath(String path) {
    this.path = path;
  }

  /// The sign of a message that says of such a path that the user may not.
  String refused() {
    return "'" + path + REFUSAL;
  }

  /// Parts of the patterns.
  private static final class Names {
    /// Where repositories are not.
    static final String OUTSIDE =
        "(?!" + Pattern.quote(SidecarContract.VOLUMES_DIRECTORY + "/") + ")[^']*?";

    /// The data directory, one that is put aside, and the copy of a backup that becomes one.
    static final String DATA = "/data/(?:pgdata[^/']*|pgbackrest-plugin\\.copy)";

    static final String BELOW = "(?:/[^']*)?";
  }
}
