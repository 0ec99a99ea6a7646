package com.dalibo.pgbackrest.sidecar.remedy;

import com.dalibo.pgbackrest.stanza.contract.SidecarContract;
import java.util.regex.Pattern;

/// What a path in a message belongs to: CNPG and our operator give each kind of volume a place of
/// its own in a pod. A repository may have any path on its volume, also one that looks like another
/// kind.
enum PodPath {
  WAL(Names.OUTSIDE + "(?:/wal/pg_wal|" + Names.DATA + "/pg_wal)" + Names.BELOW, "pg_wal/[^\"]*"),
  TABLESPACE(
      Names.OUTSIDE
          + "(?:/tablespaces/[^/']+/data|"
          + Names.DATA
          + "/pg_tblspc/[^/']+)"
          + Names.BELOW,
      "pg_tblspc/[^\"]*"),
  DATA(Names.OUTSIDE + Names.DATA + Names.BELOW, "(?:base|global|pg_(?!wal/|tblspc/)\\w+)/[^\"]*"),
  SCRATCH(
      Names.OUTSIDE
          + "(?:"
          + SidecarContract.CONTROLLER_DIRECTORY
          + "/tmp|"
          + SidecarContract.RUN_DIRECTORY
          + ")"
          + Names.BELOW,
      Names.NONE),
  REPOSITORY(
      "(?:"
          + SidecarContract.VOLUMES_DIRECTORY
          + Names.BELOW
          + "|[^']*/(?:archive|backup)"
          + Names.BELOW
          + ")",
      Names.NONE);

  /// How pgBackRest and Java say that the user may not.
  private static final String REFUSAL =
      "(?:\\[13\\] Permission denied|(?:\\[1\\] )?Operation not permitted|java\\.nio\\.file\\.AccessDeniedException)";

  private static final String NO_SPACE = "(?:No space left on device|Disk quota exceeded)";

  /// pgBackRest takes a file that was written in part for an error, and names whichever the last
  /// one was: none of these says more of a write than that there was no more room.
  private static final String WRITTEN_IN_PART =
      "(?!: (?:\\[(?:5|9|19|27|30|107|110|112|116|117)\\]|libssh2))";

  private static final String READ_ONLY = "Read-only file system";

  /// A disk or a file server that fails.
  private static final String BROKEN =
      "(?:Input/output error|Stale file handle|Host is down|Transport endpoint is not connected"
          + "|No such device|Structure needs cleaning|Connection timed out)";

  private final String path;
  private final String ofPostgres;

  /// @param path as pgBackRest and the sidecar write it
  /// @param ofPostgres as PostgreSQL writes it, in its data directory
  PodPath(String path, String ofPostgres) {
    this.path = path;
    this.ofPostgres = ofPostgres;
  }

  /// The sign of a message that says of such a path that the user may not.
  String refused() {
    return quoted(REFUSAL);
  }

  /// That its volume is full.
  String full() {
    return anyQuoted(NO_SPACE) + "|unable to write '" + path + "'" + WRITTEN_IN_PART;
  }

  /// That its volume is read-only.
  String readOnly() {
    return anyQuoted(READ_ONLY);
  }

  /// That its volume fails.
  String broken() {
    return anyQuoted(BROKEN);
  }

  /// That its file system does not have what POSIX asks for.
  String withoutLinks() {
    return "unable to create symlink "
        + quoted("\\[(?:1|38|95)\\] ")
        + "|unable to sync path "
        + quoted("\\[(?:22|38|95)\\] ");
  }

  /// A link is named together with its destination.
  private String quoted(String cause) {
    return "'" + path + "'(?: to '[^/']*')?[^']*" + cause;
  }

  private String anyQuoted(String cause) {
    return quoted(cause) + "|\"" + ofPostgres + "\"[^\"]*" + cause;
  }

  /// Parts of the patterns.
  private static final class Names {
    /// PostgreSQL writes nothing there.
    static final String NONE = "(?!)";

    /// Where repositories are not.
    static final String OUTSIDE =
        "(?!" + Pattern.quote(SidecarContract.VOLUMES_DIRECTORY + "/") + ")[^']*?";

    /// The data directory, one that is put aside, and the copy of a backup that becomes one.
    static final String DATA = "/data/(?:pgdata[^/']*|pgbackrest-plugin\\.copy)";

    static final String BELOW = "(?:/[^']*)?";
  }
}
