package com.dalibo.pgbackrest.postgres;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The name of a file that PostgreSQL archives: a segment, the partial last segment of a timeline,
/// the history of a timeline or the mark of a backup.
public record WalFile(String name, Kind kind, int timeline) {

  /// What the file holds.
  public enum Kind {
    SEGMENT,
    PARTIAL,
    HISTORY,
    BACKUP
  }

  private static final Pattern NAME =
      Pattern.compile(
          "(?<timeline>[0-9A-F]{8})"
              + "(?:(?<history>\\.history)|(?<segment>[0-9A-F]{16})(?<partial>\\.partial)?"
              + "(?<backup>\\.[0-9A-F]{8}\\.backup)?)");

  public static WalFile parse(String name) {
    var matcher = NAME.matcher(name);
    if (!matcher.matches() || (has(matcher, "partial") && has(matcher, "backup"))) {
      throw new IllegalArgumentException(
          "'%s' is not the name of a file that PostgreSQL archives; pass the file name as %%f gives it"
              .formatted(name));
    }
    return new WalFile(
        name, kind(matcher), Integer.parseUnsignedInt(matcher.group("timeline"), 16));
  }

  /// The name of the segment that holds a position.
  public static String segmentAt(int timeline, Lsn lsn, int segmentSize) {
    return segment(timeline, Long.divideUnsigned(lsn.value(), segmentSize), segmentSize);
  }

  /// The name of a segment by its number, counted from the start of the WAL.
  public static String segment(int timeline, long number, int segmentSize) {
    var perFile = 0x1_0000_0000L / segmentSize;
    return "%08X%08X%08X".formatted(timeline, number / perFile, number % perFile);
  }

  /// The number of the segment, counted from the start of the WAL; only a segment or a partial one
  /// has it.
  public long segmentNumber(int segmentSize) {
    if (kind != Kind.SEGMENT && kind != Kind.PARTIAL) {
      throw new IllegalArgumentException("'%s' is not a WAL segment".formatted(name));
    }
    return Long.parseLong(name.substring(8, 16), 16) * (0x1_0000_0000L / segmentSize)
        + Long.parseLong(name.substring(16, 24), 16);
  }

  /// The position right after the segment.
  public Lsn end(int segmentSize) {
    return new Lsn((segmentNumber(segmentSize) + 1) * segmentSize);
  }

  @Override
  public String toString() {
    return name;
  }

  private static Kind kind(Matcher matcher) {
    if (has(matcher, "history")) {
      return Kind.HISTORY;
    }
    if (has(matcher, "partial")) {
      return Kind.PARTIAL;
    }
    return has(matcher, "backup") ? Kind.BACKUP : Kind.SEGMENT;
  }

  private static boolean has(Matcher matcher, String group) {
    return matcher.group(group) != null;
  }
}
