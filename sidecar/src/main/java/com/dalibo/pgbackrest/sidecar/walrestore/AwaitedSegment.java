package com.dalibo.pgbackrest.sidecar.walrestore;

import com.dalibo.pgbackrest.postgres.WalFile;
import java.util.Optional;

/// A segment of the path of a recovery that PostgreSQL was told is not there. At once it asks for
/// the segment of the same number of each timeline that was left before (`XLogFileReadAnyTLI` in
/// xlogrecovery.c), which goes on with what the cluster has never seen, or not any more.
final class AwaitedSegment {
  private static final int TIMELINE_DIGITS = 8;

  private Optional<WalFile> awaited = Optional.empty();

  synchronized void is(WalFile segment) {
    awaited = Optional.of(segment);
  }

  /// The segment in whose place this file is asked for. With any other request it is forgotten.
  synchronized Optional<WalFile> inPlaceOf(WalFile file) {
    awaited =
        awaited
            .filter(_ -> file.kind() == WalFile.Kind.SEGMENT)
            .filter(segment -> file.timeline() < segment.timeline())
            .filter(segment -> number(file).equals(number(segment)));
    return awaited;
  }

  private static String number(WalFile segment) {
    return segment.name().substring(TIMELINE_DIGITS);
  }
}
