package com.dalibo.pgbackrest.postgres;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

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

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  /// With the longest path of a tablespace.
  private static final int MOST_OF_A_RECORD = 1100;

  private final ByteBuffer content;
  private final int pageSize;
  private final long start;
  private int position;

  /// Of the record that was skipped last, what is not in this segment.
  private int left;

  private WalSegment(ByteBuffer content) {
    this.content = content;
    this.start = content.getLong(8);
    this.pageSize = content.getInt(36);
    this.position = LONG_PAGE_HEADER;
  }

  /// When the last transaction of a segment ended, committed or not; empty where none did.
  public static Optional<Instant> lastTransaction(Path file) throws IOException {
    return whole(file).stream()
        .flatMap(record -> record.ended().stream())
        .max(Comparator.naturalOrder());
  }

  /// The places of the tablespaces that a segment creates.
  public static List<String> createdTablespaces(Path file) throws IOException {
    return whole(file).stream()
        .filter(record -> record.kind() == WalRecord.Kind.TABLESPACE)
        .map(WalRecord::text)
        .toList();
  }

  /// The records of which something is known, in order.
  private static List<WalRecord> whole(Path file) throws IOException {
    var records = new ArrayList<WalRecord>();
    var unfinished =
        read(
            file,
            Optional.empty(),
            (start, beginning) -> {
              var record = WalRecord.of(start, beginning);
              if (record.kind() != WalRecord.Kind.OTHER) {
                records.add(record);
              }
            });
    if (unfinished.filter(Unfinished::isWanted).isPresent()) {
      throw new IOException(
          "the record at %d goes on in the next segment".formatted(unfinished.get().at()));
    }
    return records;
  }

  /// A record that goes on in the next segment.
  ///
  /// @param start its position in the WAL
  /// @param at where it begins in its segment
  /// @param beginning what is known of it so far
  /// @param wanted how much of it has to be known
  /// @param left how much of it is missing
  record Unfinished(long start, int at, ByteBuffer beginning, int wanted, int left) {
    /// Also where that cannot be seen yet.
    boolean isWanted() {
      return beginning.limit() < RECORD_HEADER || WalRecord.isKnown(beginning);
    }
  }

  /// Gets each whole record by its position and its beginning; of what no recovery has to know, the
  /// position alone.
  interface Visitor {
    void visit(long start, ByteBuffer beginning);
  }

  /// Reads a segment.
  ///
  /// @param before what the segment before it left; without it, the record that goes on here is
  ///   passed over
  /// @return what goes on in the next segment
  static Optional<Unfinished> read(Path file, Optional<Unfinished> before, Visitor visitor)
      throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() < LONG_PAGE_HEADER) {
        throw new IOException("'%s' is too short for a WAL segment".formatted(file));
      }
      var content =
          channel
              .map(FileChannel.MapMode.READ_ONLY, 0, channel.size())
              .order(ByteOrder.LITTLE_ENDIAN);
      return new WalSegment(content).read(before, visitor);
    }
  }

  private Optional<Unfinished> read(Optional<Unfinished> before, Visitor visitor)
      throws IOException {
    if (pageSize < 1024 || pageSize > content.limit() || Integer.bitCount(pageSize) != 1) {
      throw new IOException("a WAL segment with pages of %d bytes".formatted(pageSize));
    }
    if ((content.getShort(2) & FIRST_IS_CONTINUED) != 0) {
      var unfinished = finish(before, align(content.getInt(16)), visitor);
      if (unfinished.isPresent()) {
        return unfinished;
      }
    }
    while (true) {
      var at = position;
      if (at % pageSize == 0) {
        at += PAGE_HEADER;
      }
      if (at + Integer.BYTES > content.limit() || !isOfThisSegment(at)) {
        return Optional.empty();
      }
      position = at;
      var length = content.getInt(at);
      if (length == 0) {
        return Optional.empty();
      }
      if (length < RECORD_HEADER || length > MOST_LENGTH) {
        throw new IOException("the WAL has a record of %d bytes at %d".formatted(length, at));
      }
      var wanted = Math.min(length, MOST_OF_A_RECORD);
      var beginning =
          at + RECORD_HEADER <= content.limit() && isWanted(at) ? beginning(wanted) : NOTHING;
      switch (skip(align(length))) {
        case WHOLE -> visitor.visit(start + at, beginning);
        case ABANDONED -> {}
        case GOES_ON -> {
          var known = beginning.hasRemaining() ? beginning : beginning(at, wanted);
          return Optional.of(new Unfinished(start + at, at, known, wanted, left));
        }
      }
    }
  }

  /// The rest of a record that began in the segment before.
  private Optional<Unfinished> finish(Optional<Unfinished> before, int length, Visitor visitor) {
    var from = position;
    var skipped = skip(length);
    if (before.isEmpty()) {
      return Optional.empty();
    }
    var unfinished = before.get();
    var missing = unfinished.wanted() - unfinished.beginning().limit();
    var whole =
        ByteBuffer.allocate(unfinished.wanted())
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(unfinished.beginning().duplicate())
            .put(beginning(from, missing))
            .flip();
    return switch (skipped) {
      case WHOLE -> {
        visitor.visit(unfinished.start(), whole);
        yield Optional.empty();
      }
      case ABANDONED -> Optional.empty();
      case GOES_ON ->
          Optional.of(
              new Unfinished(
                  unfinished.start(), unfinished.at(), whole, unfinished.wanted(), left));
    };
  }

  /// A segment is used again under another name, with the pages that it had.
  private boolean isOfThisSegment(int at) {
    var page = at - at % pageSize;
    return content.getLong(page + 8) == start + page;
  }

  /// The first bytes of the record here, which may go on behind the header of the next page.
  private ByteBuffer beginning(int length) {
    return beginning(position, length);
  }

  private ByteBuffer beginning(int from, int length) {
    var record = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    var at = from;
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
    left = length;
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

  /// A header may be split by that of a page, but not the eight bytes in which this stands.
  private boolean isWanted(int at) {
    var place = at + 16;
    var crossed = at / pageSize != place / pageSize || place % pageSize == 0;
    var start = crossed ? place + PAGE_HEADER : place;
    return WalRecord.isKnown(content.get(start + 1) & 0xFF, content.get(start));
  }
}
