package com.dalibo.pgbackrest.selection;

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

  record Xid(String xid) implements RestoreTarget {}

  /// A restore point made by `pg_create_restore_point`.
  record Name(String name) implements RestoreTarget {}
}
