package com.dalibo.pgbackrest.sidecar.walretry;

/// What a WAL file is asked for.
public enum RestoreMode {
  /// PostgreSQL replays it.
  RECOVERY,

  /// pg_rewind looks in it for what two timelines have in common.
  REWIND
}
