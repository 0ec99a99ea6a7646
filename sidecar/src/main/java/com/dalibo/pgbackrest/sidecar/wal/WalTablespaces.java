package com.dalibo.pgbackrest.sidecar.wal;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.postgres.WalSegment;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The tablespaces that a recovery came to in the WAL. PostgreSQL fails where the directory of one
/// is not there, and says so in its log alone; the WAL that it read last is still in its data
/// directory then.
public final class WalTablespaces {
  private static final int MOST_SEGMENTS = 4;
  private static final Log log = Log.named("restore");

  private WalTablespaces() {}

  /// Refuses to try again where that would fail once more.
  public static void require(Cluster cluster, Path pgData)
      throws PreconditionException, IOException {
    for (var segment : newest(pgData.resolve("pg_wal"))) {
      for (var place : places(segment)) {
        if (!place.isEmpty() && !Files.isDirectory(Path.of(place))) {
          throw missing(cluster, place);
        }
      }
    }
  }

  private static List<String> places(Path segment) {
    try {
      return WalSegment.createdTablespaces(segment);
    } catch (IOException unreadable) {
      log.info("passed over WAL", "file", segment, "cause", unreadable.getMessage());
      return List.of();
    }
  }

  /// CNPG mounts a tablespace at `tablespaces/NAME/data`.
  private static PreconditionException missing(Cluster cluster, String place) {
    var parent = Path.of(place).getParent();
    var name = parent == null ? place : String.valueOf(parent.getFileName());
    return new PreconditionException(
        ("the WAL creates the tablespace '%s' at '%s', and there is no such directory: create cluster '%s' again with"
                + " '%s' in spec.tablespaces, with the size it needs")
            .formatted(name, place, cluster.name(), name));
  }

  private static List<Path> newest(Path directory) throws IOException {
    var segments = new ArrayList<Path>();
    if (Files.isDirectory(directory)) {
      try (var files = Files.newDirectoryStream(directory, "[0-9A-F]*")) {
        for (var file : files) {
          if (String.valueOf(file.getFileName()).matches("[0-9A-F]{24}")) {
            segments.add(file);
          }
        }
      }
    }
    segments.sort(Comparator.reverseOrder());
    return segments.subList(0, Math.min(MOST_SEGMENTS, segments.size()));
  }
}
