package com.dalibo.pgbackrest.operator.injection;

import java.util.Locale;

/// What the sidecar is there for; it decides which services it offers.
enum SidecarMode {
  /// Beside a running PostgreSQL.
  INSTANCE,
  /// Beside a job that makes a data directory.
  RESTORE;

  String value() {
    return name().toLowerCase(Locale.ROOT);
  }
}
