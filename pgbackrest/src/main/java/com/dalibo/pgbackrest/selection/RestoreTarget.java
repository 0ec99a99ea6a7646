package com.dalibo.pgbackrest.selection;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/// The point at which recovery ends.
public sealed interface RestoreTarget {
  /// The end of the archived WAL.
  record Latest() implements RestoreTarget {}

  /// As soon as the backup is consistent.
  record Immediate() implements RestoreTarget {}

  record Time(Instant instant) implements RestoreTarget {
    /// From RFC 3339 or PostgreSQL's form. A time without zone is UTC.
    public static Time parse(String text) {
      return new Time(TargetTime.parse(text));
    }

    /// As both pgBackRest and PostgreSQL accept it: `2026-11-22 07:26:56.5+00`.
    public String text() {
      return TargetTime.format(instant);
    }
  }

  record Lsn(com.dalibo.pgbackrest.postgres.Lsn position) implements RestoreTarget {
    public static Lsn parse(String text) {
      return new Lsn(com.dalibo.pgbackrest.postgres.Lsn.parse(text));
    }
  }

  record Xid(String xid) implements RestoreTarget {
    /// PostgreSQL takes any other text for the transaction 0, and looks for that in all WAL.
    public static Xid parse(String text) {
      if (!text.matches("[0-9]{1,20}|0[xX][0-9A-Fa-f]{1,16}")) {
        throw new IllegalArgumentException(
            "'%s' is not the ID of a transaction; write the number that txid_current() had in it, such as '7342'"
                .formatted(text));
      }
      return new Xid(text);
    }
  }

  /// A restore point made by `pg_create_restore_point`.
  record Name(String name) implements RestoreTarget {
    /// PostgreSQL does not start with a longer one.
    private static final int MOST_BYTES = 63;

    /// As CNPG writes it between quotes, in which a quote has to be doubled.
    public static Name parse(String text) {
      if (text.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
        throw new IllegalArgumentException(
            "'%s' is longer than the %d bytes that the name of a restore point can have; correct it"
                .formatted(text, MOST_BYTES));
      }
      if (text.replace("''", "").contains("'") || text.endsWith("\\")) {
        throw new IllegalArgumentException(
            "'%s' would end the quoted text that CNPG makes of it; write a quote in the name of a restore point twice"
                .formatted(text));
      }
      return new Name(text);
    }
  }
}
