package com.dalibo.pgbackrest.sidecar.choice;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.info.BackupInfo;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/// PostgreSQL does not start where its limits of WAL are smaller than two of the backup's segments,
/// which is known before anything is copied.
public final class SegmentSizeCheck {
  private static final int MEBIBYTE = 1 << 20;
  private static final Pattern SIZE = Pattern.compile("\\s*(\\d+)\\s*(kB|MB|GB|TB)?\\s*");

  /// Of a cluster that says nothing, in MiB.
  private static final Map<String, Long> DEFAULTS =
      Map.of("min_wal_size", 80L, "max_wal_size", 1024L);

  private SegmentSizeCheck() {}

  /// Returns where PostgreSQL starts, or the size is not known.
  ///
  /// @param segment the size of the backup's segments, in bytes
  public static void require(Cluster cluster, BackupInfo backup, OptionalInt segment)
      throws PreconditionException {
    if (segment.isEmpty()) {
      return;
    }
    long least = 2L * segment.getAsInt() / MEBIBYTE;
    for (var name : DEFAULTS.keySet().stream().sorted().toList()) {
      var given = cluster.postgresParameters().get(name);
      long has = given == null ? DEFAULTS.getOrDefault(name, least) : megabytes(given, least);
      if (has < least) {
        throw new PreconditionException(
            ("backup '%s' has WAL segments of %d MB, with which PostgreSQL starts only where %s is at least %dMB, and cluster"
                    + " '%s' has %s: set %s: %dMB in spec.postgresql.parameters")
                .formatted(
                    backup.label(),
                    segment.getAsInt() / MEBIBYTE,
                    name,
                    least,
                    cluster.name(),
                    given == null ? has + "MB by default" : given,
                    name,
                    least));
      }
    }
  }

  /// What PostgreSQL itself does not understand is left to it.
  private static long megabytes(String text, long otherwise) {
    var size = SIZE.matcher(text);
    if (!size.matches()) {
      return otherwise;
    }
    var number = Long.parseLong(size.group(1));
    return switch (size.group(2)) {
      case "kB" -> number / 1024;
      case "GB" -> number * 1024;
      case "TB" -> number * 1024 * 1024;
      case null, default -> number;
    };
  }
}
