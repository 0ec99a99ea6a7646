package com.dalibo.pgbackrest.program;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A backup in a repository. One that was made with PostgreSQL down has no WAL positions.
public record BackupInfo(
    String label,
    BackupType type,
    int repositoryKey,
    int databaseId,
    @Nullable String prior,
    List<String> references,
    @Nullable String archiveStart,
    @Nullable String archiveStop,
    @Nullable Lsn lsnStart,
    @Nullable Lsn lsnStop,
    Instant timestampStart,
    Instant timestampStop,
    long size,
    long delta,
    OptionalLong repositorySize,
    OptionalLong repositoryDelta,
    boolean error,
    Map<String, String> annotations) {
  public BackupInfo {
    references = List.copyOf(references);
    annotations = Map.copyOf(annotations);
  }

  /// The WAL segments without which the backup cannot be made consistent, first to last; none for
  /// one that was made with PostgreSQL down.
  public List<String> wal() {
    if (archiveStart == null || archiveStop == null) {
      return List.of();
    }
    return WalRange.of(this)
        .map(range -> range.segments().toList())
        .orElseGet(() -> Stream.of(archiveStart, archiveStop).distinct().toList());
  }
}
