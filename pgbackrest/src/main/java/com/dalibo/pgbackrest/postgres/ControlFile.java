package com.dalibo.pgbackrest.postgres;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/// What PostgreSQL's control file says about a data directory.
public record ControlFile(
    long systemIdentifier,
    int controlVersion,
    int catalogVersion,
    State state,
    Lsn checkpoint,
    int timeline,
    int walSegmentSize) {

  /// The state PostgreSQL left the data directory in.
  public enum State {
    STARTUP,
    SHUTDOWNED,
    SHUTDOWNED_IN_RECOVERY,
    SHUTDOWNING,
    IN_CRASH_RECOVERY,
    IN_ARCHIVE_RECOVERY,
    IN_PRODUCTION
  }

  private static final int LENGTH = 512;
  // PostgreSQL writes this number into the file to recognise its own floating point format. The
  // block and segment
  // sizes follow it in every version, while its distance from the start of the file differs.
  private static final double FLOAT_FORMAT = 1234567.0;

  /// Reads `global/pg_control` of a data directory.
  public static ControlFile read(Path dataDirectory) throws IOException {
    var file = dataDirectory.resolve("global").resolve("pg_control");
    var bytes = new byte[LENGTH];
    try (var stream = Files.newInputStream(file)) {
      if (stream.readNBytes(bytes, 0, LENGTH) < LENGTH) {
        throw new EOFException("'%s' is too short for a control file".formatted(file));
      }
    }
    return of(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), file);
  }

  /// The major version of PostgreSQL: 17. Each has its own range of catalog versions, which begin
  /// with a date.
  public int majorVersion() {
    return catalogVersion / 100_000 - 2007;
  }

  private static ControlFile of(ByteBuffer buffer, Path file) throws IOException {
    var state = buffer.getInt(16);
    var controlVersion = buffer.getInt(8);
    if (controlVersion < 1300
        || controlVersion > 9999
        || state < 0
        || state >= State.values().length) {
      throw new IOException("'%s' is not a control file of PostgreSQL 14 or newer".formatted(file));
    }
    return new ControlFile(
        buffer.getLong(0),
        controlVersion,
        buffer.getInt(12),
        State.values()[state],
        new Lsn(buffer.getLong(32)),
        buffer.getInt(48),
        walSegmentSize(buffer, file));
  }

  private static int walSegmentSize(ByteBuffer buffer, Path file) throws IOException {
    for (int at = 56; at + 24 <= LENGTH; at += 8) {
      if (buffer.getDouble(at) == FLOAT_FORMAT) {
        return buffer.getInt(at + 20);
      }
    }
    throw new IOException("'%s' does not contain the size of WAL segments".formatted(file));
  }
}
