package com.dalibo.pgbackrest.postgres;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/// Segments that follow one another, read as PostgreSQL replays them: a record that goes on in the
/// next segment is one of that segment. On another timeline the same segment begins with the same
/// records.
public final class WalSequence {
  private Optional<WalSegment.Unfinished> unfinished = Optional.empty();

  /// Reads the next segment.
  ///
  /// @param reader gets each record that ends in it
  public void read(Path segment, Consumer<WalRecord> reader) throws IOException {
    unfinished =
        WalSegment.read(
            segment,
            unfinished,
            (start, beginning) -> reader.accept(WalRecord.of(start, beginning)));
  }
}
