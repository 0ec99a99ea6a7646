package com.dalibo.pgbackrest.stanza.contract;

/// What the event `RecoveryWaits` on a Cluster says of WAL that will not come by itself: the
/// sidecar writes it, and the operator ends a drill for it.
public final class MissingWal {
  private static final String MISSING = "is in no repository";
  private static final String LATER = "but later WAL is";

  /// The words, with the place unless that is said before.
  ///
  /// @param place empty, or such as ` of stanza 'main'`
  /// @param later the WAL file that is there
  public static String words(String place, String later) {
    return "%s%s, %s ('%s')".formatted(MISSING, place, LATER, later);
  }

  public static boolean isTold(String message) {
    return message.contains(MISSING) && message.contains(LATER);
  }

  private MissingWal() {}
}
