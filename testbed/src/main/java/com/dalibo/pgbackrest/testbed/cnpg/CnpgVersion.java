package com.dalibo.pgbackrest.testbed.cnpg;

/// How releases of CNPG differ where a plugin can tell.
public enum CnpgVersion {
  /// Up to 1.27.2 and 1.28.0: asks for every timeline history, and moves `postgresql.auto.conf` out
  /// of the way after a restore.
  V1_26(HistoryGuard.NONE, RequestFields.V0_5),
  /// 1.27.3, 1.28.1 to 1.28.3, 1.29.0 and 1.29.1: never asks for a timeline history during
  /// bootstrap recovery.
  V1_29(HistoryGuard.NO_BOOTSTRAP, RequestFields.V0_5),
  V1_30(HistoryGuard.NO_FUTURE, RequestFields.V0_5),
  /// Says itself whether the archive has to be empty, and when pg_rewind asks.
  MAIN(HistoryGuard.NO_FUTURE, RequestFields.V0_6);

  /// Which timeline histories `wal-restore` refuses without asking a plugin.
  enum HistoryGuard {
    NONE,
    /// Those of later timelines than the cluster's, unless the pod is or becomes the primary.
    NO_FUTURE,
    /// The same, and while the cluster has no timeline yet, all.
    NO_BOOTSTRAP
  }

  /// Which fields of the protocol are filled.
  enum RequestFields {
    V0_5,
    V0_6
  }

  final HistoryGuard historyGuard;
  final RequestFields requestFields;

  CnpgVersion(HistoryGuard historyGuard, RequestFields requestFields) {
    this.historyGuard = historyGuard;
    this.requestFields = requestFields;
  }

  boolean movesAutoConfAway() {
    return this == V1_26;
  }
}
