package com.dalibo.pgbackrest.stanza.contract;

import java.util.Locale;

/// What the sidecar is there for; it decides which services it offers.
public enum SidecarMode {
  /// Beside a running PostgreSQL.
  INSTANCE,
  /// Beside a job that makes a data directory.
  RESTORE,
  /// Alone in a Job: it queries the repositories of a Stanza to which no Cluster archives, and
  /// ends.
  INSPECTION,
  /// Alone in a Job: it works out what a restore would do, for a RestorePlan, and ends.
  PLAN;

  /// The value of [SidecarEnvironment#MODE].
  public String value() {
    return name().toLowerCase(Locale.ROOT);
  }
}
