package com.dalibo.pgbackrest.sidecar.walretry;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.postgres.WalFile;
import com.dalibo.pgbackrest.sidecar.kubernetes.Events;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReference;
import java.nio.file.Path;

/// The retries of all requests of the PostgreSQL here, which share the time of a promotion and what
/// was reported.
public final class WalRetries {
  private final String podName;
  private final WaitReporter waits;
  private final PromotionReporter promotions;
  private final PromotionBudget budget = new PromotionBudget();

  public WalRetries(String podName, Path pgData, Events events) {
    this.podName = podName;
    this.waits = new WaitReporter(events);
    this.promotions = new PromotionReporter(podName, pgData, events);
  }

  /// A request begins.
  public WalRetry begin(Cluster cluster, WalFile file, StanzaReference store, RestoreMode mode) {
    return new WalRetry(
        cluster, file, store, WalRetryPolicy.of(cluster, podName, mode), budget, waits, promotions);
  }
}
