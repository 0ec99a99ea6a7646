package com.dalibo.pgbackrest.info;

import com.dalibo.pgbackrest.postgres.Lsn;
import com.dalibo.pgbackrest.postgres.WalFile;
import com.dalibo.pgbackrest.postgres.WalRange;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
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
  /// PostgreSQL 18, initdb `--wal-segsize`: 1 MB to 1 GB, a power of two.
  private static final int SMALLEST_SEGMENT = 1 << 20;

  private static final int LARGEST_SEGMENT = 1 << 30;

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
    return walRange()
        .map(range -> range.segments().toList())
        .orElseGet(() -> Stream.of(archiveStart, archiveStop).distinct().toList());
  }

  /// The segments of the backup. The size of a segment is not noted in it, but follows from the
  /// names of the first and the last and the positions in them. Where several sizes would do, the
  /// largest is taken: its segments have those names whatever the size.
  public Optional<WalRange> walRange() {
    return archiveStart == null || archiveStop == null
        ? Optional.empty()
        : segmentSizes()
            .mapToObj(bytes -> WalRange.between(archiveStart, archiveStop, bytes))
            .findFirst();
  }

  /// The size of the segments that the backup was made with, in bytes, where only one would do.
  public OptionalInt segmentSize() {
    var sizes = segmentSizes().limit(2).toArray();
    return sizes.length == 1 ? OptionalInt.of(sizes[0]) : OptionalInt.empty();
  }

  /// Those that would do, the largest first.
  private IntStream segmentSizes() {
    if (archiveStart == null || archiveStop == null || lsnStart == null || lsnStop == null) {
      return IntStream.empty();
    }
    var timeline = WalFile.parse(archiveStart).timeline();
    // A backup that ends with a segment does not need the next one.
    var last = new Lsn(lsnStop.value() - 1);
    return IntStream.iterate(
            LARGEST_SEGMENT, bytes -> bytes >= SMALLEST_SEGMENT, bytes -> bytes / 2)
        .filter(bytes -> WalFile.segmentAt(timeline, lsnStart, bytes).equals(archiveStart))
        .filter(bytes -> WalFile.segmentAt(timeline, last, bytes).equals(archiveStop));
  }
}
