package com.dalibo.pgbackrest.sidecar.walretry;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.postgres.WalFile;
import com.dalibo.pgbackrest.sidecar.failure.FailureWords;
import com.dalibo.pgbackrest.sidecar.failure.RepositoriesException;
import com.dalibo.pgbackrest.sidecar.failure.Retry;
import com.dalibo.pgbackrest.sidecar.failure.WalGapException;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReference;
import com.dalibo.pgbackrest.stanza.rendering.ForbiddenException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// The attempts of one request for WAL. [Retry] does not fit: the time of a promotion is one budget
/// for many requests, and which failure may pass depends on who waits.
public final class WalRetry {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  /// After which a promotion is reported to wait.
  private static final Duration FIRST_ANSWER = Duration.ofSeconds(3);

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /// The asynchronous archiver of a cluster that runs may be a few segments ahead with one process
  /// of the next.
  private static final Duration IN_FLIGHT = Duration.ofSeconds(3);

  /// A Role that the operator has just created takes effect within seconds.
  private static final Duration PERMISSIONS_WITHIN = Duration.ofMinutes(1);

  private final Cluster cluster;
  private final WalFile file;
  private final StanzaReference store;
  private final WalRetryPolicy policy;
  private final PromotionBudget budget;
  private final WaitReporter waits;
  private final PromotionReporter promotions;
  private final Instant since = Instant.now();
  private Duration pause = FIRST_PAUSE;
  private Instant attempted = since;
  private int attempts;

  WalRetry(
      Cluster cluster,
      WalFile file,
      StanzaReference store,
      WalRetryPolicy policy,
      PromotionBudget budget,
      WaitReporter waits,
      PromotionReporter promotions) {
    this.cluster = cluster;
    this.file = file;
    this.store = store;
    this.policy = policy;
    this.budget = budget;
    this.waits = waits;
    this.promotions = promotions;
  }

  public WalRetryPolicy policy() {
    return policy;
  }

  /// An attempt begins.
  ///
  /// @throws RepositoriesException where a promotion has no time left to wait
  public void begin() throws RepositoriesException {
    attempts++;
    attempted = Instant.now();
    var spent =
        policy == WalRetryPolicy.FAILOVER
            ? budget.exhaustedBy(cluster)
            : Optional.<Exception>empty();
    if (spent.isPresent()) {
      giveUp(Duration.ZERO, spent.get());
      throw new RepositoriesException(
          "the promotion no longer waits, nor does it for WAL file '%s': %s"
              .formatted(file.name(), FailureWords.of(spent.get())),
          true,
          null);
    }
  }

  /// How long to wait for an answer: a moment at first, so that users are told soon, and then all
  /// that is left.
  public Optional<Duration> limit() {
    if (policy != WalRetryPolicy.FAILOVER) {
      return Optional.empty();
    }
    var left = budget.left(cluster);
    return Optional.of(attempts > 1 ? left : min(left, FIRST_ANSWER));
  }

  /// Returns when it is time for the next attempt; throws what cannot be waited out.
  public <X extends Exception> void failed(X failure) throws X, InterruptedException {
    if (policy == WalRetryPolicy.FAILOVER) {
      onPromotion(failure);
      return;
    }
    var waited = Duration.between(since, Instant.now());
    if (!mayPass(failure, waited) || !policy.allows(waited)) {
      giveUp(waited, failure);
      throw failure;
    }
    if (!(failure instanceof WalGapException && waited.compareTo(IN_FLIGHT) < 0)) {
      waits.report(cluster, store, file, waited, failure);
    }
    Thread.sleep(pause);
    pause = min(pause.multipliedBy(2), LONGEST_PAUSE);
  }

  /// The stanza was asked, and has answered whether it has the file.
  public void answered() {
    waits.answered();
  }

  private <X extends Exception> void onPromotion(X failure) throws X, InterruptedException {
    budget.spend(cluster, Duration.between(attempted, Instant.now()), failure);
    var left = budget.left(cluster);
    if (left.isZero() || !mayPass(failure, Duration.between(since, Instant.now()))) {
      giveUp(Duration.ZERO, failure);
      throw failure;
    }
    if (PromotionBudget.mayLackWal(cluster)) {
      promotions.waits(cluster, store, file, left, failure);
    }
    var rest = min(FIRST_PAUSE, left);
    Thread.sleep(rest);
    budget.spend(cluster, rest, failure);
  }

  /// Where PostgreSQL or its command asks again, users see it wait.
  private void giveUp(Duration waited, Exception failure) {
    switch (policy) {
      case UNTIL_PUT_RIGHT, UNTIL_IT_PASSES -> waits.report(cluster, store, file, waited, failure);
      case FAILOVER -> {
        if (file.kind() == WalFile.Kind.SEGMENT && PromotionBudget.mayLackWal(cluster)) {
          promotions.continuesWithout(cluster, store, file, failure);
        }
      }
      case ONCE -> {
        if (cluster.isReplica()) {
          waits.reportIfItLasts(cluster, store, file, failure);
        }
      }
      case REWIND -> {}
    }
  }

  private boolean mayPass(Exception failure, Duration waited) {
    if (policy.waitsForPeople()) {
      return true;
    }
    return switch (failure) {
      case WalGapException _ -> true;
      case ForbiddenException _ -> waited.compareTo(PERMISSIONS_WITHIN) < 0;
      default -> Retry.mayPass(failure);
    };
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
