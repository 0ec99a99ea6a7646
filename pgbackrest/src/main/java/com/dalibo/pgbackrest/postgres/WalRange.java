package com.dalibo.pgbackrest.postgres;

import java.util.stream.LongStream;
import java.util.stream.Stream;

/// The segments of one timeline from a first to a last, both included.
public record WalRange(int timeline, long first, long last, int segmentSize) {
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

  public Stream<String> segments() {
    return LongStream.rangeClosed(first, last)
        .mapToObj(number -> WalFile.segment(timeline, number, segmentSize));
  }

  public long size() {
    return last - first + 1;
  }
}
