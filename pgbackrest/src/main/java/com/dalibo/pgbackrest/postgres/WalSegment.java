package com.dalibo.pgbackrest.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The records of one WAL segment, as far as a recovery needs them beforehand: when the
/// transactions in it ended, and which tablespaces it creates.
///
/// PostgreSQL 14 to 18 write pages, record headers and the records of transactions alike.
public final class WalSegment {
  private static final int LONG_PAGE_HEADER = 40;
  private static final int PAGE_HEADER = 24;
  private static final int RECORD_HEADER = 24;
  private static final int FIRST_IS_CONTINUED = 1;

  /// `XLP_FIRST_IS_OVERWRITE_CONTRECORD` in `xlp_info` of a page.
  private static final int OVERWRITES_CONTINUED = 8;

  /// `XLogRecordMaxSize`.
  private static final int MOST_LENGTH = 1020 << 20;

  private static final Optional<ByteBuffer> NO_RECORD = Optional.empty();

  /// The resource manager of transactions, and its records that end one.
  private static final int TRANSACTIONS = 1;

  private static final int OPERATION = 0x70;
  private static final int COMMIT = 0x00;
  private static final int ABORT = 0x20;
  private static final int COMMIT_PREPARED = 0x30;
  private static final int ABORT_PREPARED = 0x40;

  private static final int TABLESPACES = 5;
  private static final int CREATE = 0x00;

  private static final int DATA_SHORT = 255;
  private static final int DATA_LONG = 254;
  private static final int ORIGIN = 253;
  private static final int TOP_LEVEL_TRANSACTION = 252;

  /// 2000-01-01, from which PostgreSQL counts microseconds.
  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

  /// With the longest path of a tablespace.
  private static final int MOST_OF_A_RECORD = 1100;

  private final ByteBuffer content;
  private final int pageSize;
  private final long start;
  private int position;

  private WalSegment(ByteBuffer content) {
    this.content = content;
    this.start = content.getLong(8);
    this.pageSize = content.getInt(36);
    this.position = LONG_PAGE_HEADER;
  }

  /// When the last transaction of a segment ended, committed or not; empty where none did.
  public static Optional<Instant> lastTransaction(Path file) throws IOException {
    var ends = new ArrayList<Instant>();
    read(
        file,
        record ->
            end(record)
                .filter(ended -> ends.isEmpty() || ended.isAfter(ends.getLast()))
                .ifPresent(ends::add));
    return ends.isEmpty() ? Optional.empty() : Optional.of(ends.getLast());
  }

  /// The places of the tablespaces that a segment creates.
  public static List<String> createdTablespaces(Path file) throws IOException {
    var places = new ArrayList<String>();
    read(file, record -> tablespace(record).ifPresent(places::add));
    return List.copyOf(places);
  }

  /// Those of transactions and tablespaces, in order, each by its beginning.
  private static void read(Path file, Consumer<ByteBuffer> reader) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() < LONG_PAGE_HEADER) {
        throw new IOException("'%s' is too short for a WAL segment".formatted(file));
      }
      var content =
          channel
              .map(FileChannel.MapMode.READ_ONLY, 0, channel.size())
              .order(ByteOrder.LITTLE_ENDIAN);
      new WalSegment(content).read(reader);
    }
  }

  private void read(Consumer<ByteBuffer> reader) throws IOException {
    if (pageSize < 1024 || pageSize > content.limit() || Integer.bitCount(pageSize) != 1) {
      throw new IOException("a WAL segment with pages of %d bytes".formatted(pageSize));
    }
    if ((content.getShort(2) & FIRST_IS_CONTINUED) != 0) {
      var _ = skip(align(content.getInt(16)));
    }
    while (true) {
      var at = position;
      if (at % pageSize == 0) {
        at += PAGE_HEADER;
      }
      if (at + Integer.BYTES > content.limit() || !isOfThisSegment(at)) {
        return;
      }
      position = at;
      var length = content.getInt(at);
      if (length == 0) {
        return;
      }
      if (length < RECORD_HEADER || length > MOST_LENGTH) {
        throw new IOException("the WAL has a record of %d bytes at %d".formatted(length, at));
      }
      var wanted = at + RECORD_HEADER <= content.limit() && isWanted(at);
      var beginning =
          wanted ? Optional.of(beginning(Math.min(length, MOST_OF_A_RECORD))) : NO_RECORD;
      switch (skip(align(length))) {
        case WHOLE -> beginning.ifPresent(reader);
        case ABANDONED -> {}
        case GOES_ON -> {
          if (wanted || at + RECORD_HEADER > content.limit()) {
            throw new IOException("the record at %d goes on in the next segment".formatted(at));
          }
          return;
        }
      }
    }
  }

  /// A segment is used again under another name, with the pages that it had.
  private boolean isOfThisSegment(int at) {
    var page = at - at % pageSize;
    return content.getLong(page + 8) == start + page;
  }

  /// The first bytes of the record here, which may go on behind the header of the next page.
  private ByteBuffer beginning(int length) {
    var record = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    var at = position;
    while (record.hasRemaining() && at < content.limit()) {
      if (at % pageSize == 0) {
        at += PAGE_HEADER;
        continue;
      }
      record.put(content.get(at));
      at++;
    }
    return record.flip();
  }

  private enum Skipped {
    WHOLE,
    /// PostgreSQL crashed in the record, and began anew behind it.
    ABANDONED,
    /// The rest is in the next segment.
    GOES_ON
  }

  private Skipped skip(int length) {
    var left = length;
    while (left > 0 && position < content.limit()) {
      if (position % pageSize == 0) {
        var isAbandoned = (content.getShort(position + 2) & OVERWRITES_CONTINUED) != 0;
        position += PAGE_HEADER;
        if (isAbandoned) {
          return Skipped.ABANDONED;
        }
      }
      var step = Math.min(left, pageSize - position % pageSize);
      position += step;
      left -= step;
    }
    return left > 0 ? Skipped.GOES_ON : Skipped.WHOLE;
  }

  private static int align(int length) {
    return (length + 7) & ~7;
  }

  private static Optional<String> tablespace(ByteBuffer record) {
    if (manager(record) != TABLESPACES || (record.get(16) & OPERATION) != CREATE) {
      return Optional.empty();
    }
    return data(record)
        .map(
            at -> {
              var end = at + Integer.BYTES;
              while (end < record.limit() && record.get(end) != 0) {
                end++;
              }
              var place = new byte[end - at - Integer.BYTES];
              record.get(at + Integer.BYTES, place);
              return new String(place, UTF_8);
            });
  }

  private static Optional<Instant> end(ByteBuffer record) {
    if (manager(record) != TRANSACTIONS) {
      return Optional.empty();
    }
    return switch (record.get(16) & OPERATION) {
      case COMMIT, ABORT, COMMIT_PREPARED, ABORT_PREPARED ->
          data(record)
              .filter(at -> at + Long.BYTES <= record.limit())
              .map(at -> time(record.getLong(at)));
      default -> Optional.empty();
    };
  }

  /// A header may be split by that of a page, but not the eight bytes in which this stands.
  private boolean isWanted(int at) {
    var place = at + 16;
    var crossed = at / pageSize != place / pageSize || place % pageSize == 0;
    var manager = content.get((crossed ? place + PAGE_HEADER : place) + 1) & 0xFF;
    return manager == TRANSACTIONS || manager == TABLESPACES;
  }

  private static int manager(ByteBuffer record) {
    return record.limit() <= RECORD_HEADER ? -1 : record.get(17) & 0xFF;
  }

  /// Where the data of a record without pages begins.
  private static Optional<Integer> data(ByteBuffer record) {
    var at = RECORD_HEADER;
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

  private static Instant time(long microseconds) {
    return EPOCH.plus(microseconds, ChronoUnit.MICROS);
  }
}
