package com.dalibo.pgbackrest.sidecar.walretry;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import java.time.Duration;

/// How long a request for WAL waits out a failure that may pass. PostgreSQL takes any failure of a
/// recovery that is not a standby's for the end of WAL, and is promoted there.
public enum WalRetryPolicy {
  /// Recovery of a new cluster whose data came from volume snapshots: CNPG's own `restore_command`
  /// passes every failure on as the end of WAL, so even what a user has to correct is waited for.
  UNTIL_PUT_RIGHT(Duration.ofDays(3650)) {
    @Override
    boolean waitsForPeople() {
      return true;
    }
  },

  /// Recovery of a new cluster, or a promotion by token: only the right data are of use.
  UNTIL_IT_PASSES(Duration.ofDays(3650)),

  /// A standby becoming primary: data may depend on it, and the service is down meanwhile, so that
  /// all its requests share a [PromotionBudget].
  FAILOVER(Duration.ZERO) {
    @Override
    public boolean passesUncompared() {
      return true;
    }
  },

  /// pg_rewind fails as a whole; CNPG starts it again four times.
  REWIND(Duration.ofSeconds(20)),

  /// A standby asks again by itself, and streams in between; waiting here delays that.
  ONCE(Duration.ZERO);

  private final Duration limit;

  WalRetryPolicy(Duration limit) {
    this.limit = limit;
  }

  /// Whether a failure is waited out that only a user can end.
  boolean waitsForPeople() {
    return false;
  }

  /// Whether WAL that is here, but cannot be compared with its checksum, is better than none.
  public boolean passesUncompared() {
    return false;
  }

  boolean allows(Duration waited) {
    return waited.compareTo(limit) < 0;
  }

  static WalRetryPolicy of(Cluster cluster, String instanceName, RestoreMode mode) {
    if (cluster.isBootstrapping()) {
      return cluster.isRecoveredFromSnapshots() ? UNTIL_PUT_RIGHT : UNTIL_IT_PASSES;
    }
    if (mode == RestoreMode.REWIND) {
      return REWIND;
    }
    if (cluster.isReplica() || cluster.targetPrimary().filter(instanceName::equals).isEmpty()) {
      return ONCE;
    }
    return cluster.isPromotedByToken() ? UNTIL_IT_PASSES : FAILOVER;
  }
}
