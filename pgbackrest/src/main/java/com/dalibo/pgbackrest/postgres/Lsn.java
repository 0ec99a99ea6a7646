package com.dalibo.pgbackrest.postgres;

/// A position in the WAL, written by PostgreSQL as two hexadecimal halves: `0/4000028`.
public record Lsn(long value) implements Comparable<Lsn> {

  public static Lsn parse(String text) {
    if (!text.matches("[0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8}")) {
      throw new IllegalArgumentException(
          "'%s' is not a position in the WAL; write it as PostgreSQL does, such as '0/4000028'"
              .formatted(text));
    }
    var slash = text.indexOf('/');
    return new Lsn(
        Long.parseLong(text.substring(0, slash), 16) << 32
            | Long.parseLong(text.substring(slash + 1), 16));
  }

  @Override
  public int compareTo(Lsn other) {
    return Long.compareUnsigned(value, other.value);
  }

  @Override
  public String toString() {
    return "%X/%X".formatted(value >>> 32, value & 0xFFFFFFFFL);
  }
}
