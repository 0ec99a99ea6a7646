package com.dalibo.pgbackrest.program;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// The segments of one timeline from a first to a last, both included.
public record WalRange(int timeline, long first, long last, int segmentSize) {
  private static final int SMALLEST = 1 << 20;
  private static final int LARGEST = 1 << 30;

  public static WalRange between(String start, String stop, int segmentSize) {
    var from = WalFile.parse(start);
    var to = WalFile.parse(stop);
    if (from.timeline() != to.timeline()) {
      throw new IllegalArgumentException(
          "segments '%s' and '%s' are of different timelines".formatted(start, stop));
    }
    var range =
        new WalRange(
            from.timeline(),
            from.segmentNumber(segmentSize),
            to.segmentNumber(segmentSize),
            segmentSize);
    if (range.last < range.first) {
      throw new IllegalArgumentException(
          "segment '%s' comes after segment '%s'".formatted(start, stop));
    }
    return range;
  }

  /// The segments of a backup. The size of a segment is not noted in it, but follows from the names
  /// of the first and the last and the positions in them. Where several sizes would do, the largest
  /// is taken: its segments have those names whatever the size.
  public static Optional<WalRange> of(BackupInfo backup) {
    var start = backup.archiveStart();
    var stop = backup.archiveStop();
    return start == null || stop == null
        ? Optional.empty()
        : sizes(backup).mapToObj(size -> between(start, stop, size)).findFirst();
  }

  /// The size of the segments that a backup was made with, where only one would do.
  public static OptionalInt segmentSize(BackupInfo backup) {
    var sizes = sizes(backup).limit(2).toArray();
    return sizes.length == 1 ? OptionalInt.of(sizes[0]) : OptionalInt.empty();
  }

  /// Those that would do, the largest first.
  private static IntStream sizes(BackupInfo backup) {
    var start = backup.archiveStart();
    var stop = backup.archiveStop();
    var from = backup.lsnStart();
    var to = backup.lsnStop();
    if (start == null || stop == null || from == null || to == null) {
      return IntStream.empty();
    }
    var timeline = WalFile.parse(start).timeline();
    // A backup that ends with a segment does not need the next one.
    var last = new Lsn(to.value() - 1);
    return IntStream.iterate(LARGEST, size -> size >= SMALLEST, size -> size / 2)
        .filter(size -> WalFile.segmentAt(timeline, from, size).equals(start))
        .filter(size -> WalFile.segmentAt(timeline, last, size).equals(stop));
  }

  public Stream<String> segments() {
    return LongStream.rangeClosed(first, last)
        .mapToObj(number -> WalFile.segment(timeline, number, segmentSize));
  }

  public long size() {
    return last - first + 1;
  }
}
