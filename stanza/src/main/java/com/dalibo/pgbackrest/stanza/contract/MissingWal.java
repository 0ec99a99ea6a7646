package com.dalibo.pgbackrest.stanza.contract;

/// What the event `RecoveryWaits` on a Cluster says of WAL that will not come by itself: the
/// sidecar writes it, and the operator ends a drill for it.
public final class MissingWal {
  private static final String MISSING = "is in no repository";
  private static final String DAMAGED = "is damaged in repository";
  private static final String LATER = "but later WAL is";

  /// The words, with the place unless that is said before.
  ///
  /// @param place empty, or such as ` of stanza 'main'`
  /// @param later the WAL file that is there
  public static String words(String place, String later) {
    return "%s%s, %s ('%s')".formatted(MISSING, place, LATER, later);
  }

  /// The words for a file whose content is not what was archived, though it can be decompressed.
  ///
  /// @param repositories where it is so, such as `1 (minio), 2`
  /// @param isNew whether a new cluster recovers; otherwise, something follows the archive
  public static String damaged(String walFile, String repositories, String stanza, boolean isNew) {
    return damaged(
        walFile,
        repositories,
        stanza,
        "its content does not have the checksum of its name, and PostgreSQL would take it for the end of the WAL",
        isNew);
  }

  /// The same for any damage.
  ///
  /// @param damage a clause that says what is wrong with the content
  public static String damaged(
      String walFile, String repositories, String stanza, String damage, boolean isNew) {
    return "WAL file '%s' %s %s of stanza '%s': %s; remedy: restore that file in the repository, or %s"
        .formatted(
            walFile,
            DAMAGED,
            repositories,
            stanza,
            damage,
            isNew
                ? "choose a target before it; to accept the loss of everything written from there on, remove the file from the repository"
                : "have what follows here created again from a later backup");
  }

  public static boolean isTold(String message) {
    return (message.contains(MISSING) && message.contains(LATER)) || message.contains(DAMAGED);
  }

  private MissingWal() {}
}
