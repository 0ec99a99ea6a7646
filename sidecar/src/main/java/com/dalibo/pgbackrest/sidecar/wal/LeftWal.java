package com.dalibo.pgbackrest.sidecar.wal;

import com.dalibo.pgbackrest.postgres.Lsn;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// What a segment has from a position on at which a new timeline left its own.
public final class LeftWal {
  private static final int PIECE = 1 << 16;

  private LeftWal() {}

  /// Leaves zeros in its place, as PostgreSQL does where it begins a timeline with a copy of such a
  /// segment: the WAL ends there.
  public static void erase(Path segment, Lsn from) throws IOException {
    try (var channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
      var size = channel.size();
      var position = Long.remainderUnsigned(from.value(), size);
      while (position < size) {
        var zeros = ByteBuffer.allocate((int) Math.min(PIECE, size - position));
        position += channel.write(zeros, position);
      }
    }
  }
}
