package com.dalibo.pgbackrest.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// A record of the WAL, as far as a recovery may stop at it or depends on it.
///
/// PostgreSQL 14 to 18 write the header of a record and these records alike.
///
/// @param start its position
/// @param xid the transaction that it ends; 0 where it ends none, or one that is not read
/// @param ended when its transaction ended
/// @param text the name of a restore point, or the place of a tablespace; else empty
public record WalRecord(Lsn start, Kind kind, long xid, Optional<Instant> ended, String text) {

  /// What the record is.
  public enum Kind {
    /// The end of a transaction, committed or not.
    TRANSACTION,
    RESTORE_POINT,
    /// The creation of a tablespace.
    TABLESPACE,
    OTHER
  }

  private static final int HEADER = 24;

  // Resource managers, in the order of PostgreSQL's `rmgrlist.h`.
  private static final int LOG = 0;
  private static final int TRANSACTIONS = 1;
  private static final int TABLESPACES = 5;

  private static final int OPERATION = 0x70;
  private static final int COMMIT = 0x00;
  private static final int ABORT = 0x20;
  private static final int COMMIT_PREPARED = 0x30;
  private static final int ABORT_PREPARED = 0x40;
  private static final int CREATE = 0x00;
  private static final int RESTORE_POINT = 0x70;

  /// All four bits say what a record of the log itself is.
  private static final int WHOLE_OPERATION = 0xF0;

  private static final int DATA_SHORT = 255;
  private static final int DATA_LONG = 254;
  private static final int ORIGIN = 253;
  private static final int TOP_LEVEL_TRANSACTION = 252;

  /// 2000-01-01, from which PostgreSQL counts microseconds.
  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

  /// Whether a record with this resource manager and information may be another than [Kind#OTHER].
  static boolean isKnown(int manager, int information) {
    return manager == TRANSACTIONS
        || manager == TABLESPACES
        || (manager == LOG && (information & WHOLE_OPERATION) == RESTORE_POINT);
  }

  static boolean isKnown(ByteBuffer record) {
    return isKnown(manager(record), record.get(16));
  }

  /// @param record its beginning, which may be empty
  static WalRecord of(long start, ByteBuffer record) {
    if (record.limit() > HEADER) {
      var operation = record.get(16) & OPERATION;
      switch (manager(record)) {
        case TRANSACTIONS -> {
          var ended = end(record, operation);
          if (ended.isPresent()) {
            return new WalRecord(
                new Lsn(start), Kind.TRANSACTION, xid(record, operation), ended, "");
          }
        }
        case TABLESPACES -> {
          var place = operation == CREATE ? text(record, Integer.BYTES) : Optional.<String>empty();
          if (place.isPresent()) {
            return named(start, Kind.TABLESPACE, place.get());
          }
        }
        case LOG -> {
          var isPoint = (record.get(16) & WHOLE_OPERATION) == RESTORE_POINT;
          var name = isPoint ? text(record, Long.BYTES) : Optional.<String>empty();
          if (name.isPresent()) {
            return named(start, Kind.RESTORE_POINT, name.get());
          }
        }
        default -> {}
      }
    }
    return named(start, Kind.OTHER, "");
  }

  private static WalRecord named(long start, Kind kind, String text) {
    return new WalRecord(new Lsn(start), kind, 0, Optional.empty(), text);
  }

  /// A text that ends with a zero, at an offset of the data.
  private static Optional<String> text(ByteBuffer record, int offset) {
    return data(record)
        .map(
            at -> {
              var end = at + offset;
              while (end < record.limit() && record.get(end) != 0) {
                end++;
              }
              var text = new byte[Math.max(0, end - at - offset)];
              record.get(at + offset, text);
              return new String(text, UTF_8);
            });
  }

  private static Optional<Instant> end(ByteBuffer record, int operation) {
    return switch (operation) {
      case COMMIT, ABORT, COMMIT_PREPARED, ABORT_PREPARED ->
          data(record)
              .filter(at -> at + Long.BYTES <= record.limit())
              .map(at -> EPOCH.plus(record.getLong(at), ChronoUnit.MICROS));
      default -> Optional.empty();
    };
  }

  /// That of a prepared transaction is in its data, behind what depends on the release.
  private static long xid(ByteBuffer record, int operation) {
    return operation == COMMIT || operation == ABORT ? Integer.toUnsignedLong(record.getInt(4)) : 0;
  }

  private static int manager(ByteBuffer record) {
    return record.limit() <= HEADER ? -1 : record.get(17) & 0xFF;
  }

  /// Where the data of a record without pages begins.
  private static Optional<Integer> data(ByteBuffer record) {
    var at = HEADER;
    while (at + 2 < record.limit()) {
      switch (record.get(at) & 0xFF) {
        case ORIGIN -> at += 3;
        case TOP_LEVEL_TRANSACTION -> at += 5;
        case DATA_SHORT -> {
          return Optional.of(at + 2);
        }
        case DATA_LONG -> {
          return Optional.of(at + 5);
        }
        default -> {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }
}
