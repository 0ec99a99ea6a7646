package com.dalibo.pgbackrest.stanza.contract;

import java.util.Optional;
import java.util.regex.Pattern;

/// What the event `RecoveryWaits` on a Cluster says of the WAL file that cannot be fetched: the
/// sidecar writes it, and the operator sees in a drill whether the recovery has got on since.
public final class RecoveryWait {
  private static final Pattern FILE = Pattern.compile("recovery waits for WAL file '([^']+)'");

  public static String words(String walFile, String stanza, String cause) {
    return "recovery waits for WAL file '%s' of stanza '%s' and goes on when it can be fetched: %s"
        .formatted(walFile, stanza, cause);
  }

  /// The file that is waited for.
  public static Optional<String> file(String message) {
    var file = FILE.matcher(message);
    return file.find() ? Optional.of(file.group(1)) : Optional.empty();
  }

  private RecoveryWait() {}
}
