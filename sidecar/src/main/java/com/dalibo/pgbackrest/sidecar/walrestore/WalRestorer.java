package com.dalibo.pgbackrest.sidecar.walrestore;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.postgres.WalFile;
import com.dalibo.pgbackrest.sidecar.failure.FailureWords;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.failure.RepositoriesException;
import com.dalibo.pgbackrest.sidecar.failure.Retry;
import com.dalibo.pgbackrest.sidecar.failure.WalGapException;
import com.dalibo.pgbackrest.sidecar.failure.WalNotFoundException;
import com.dalibo.pgbackrest.sidecar.kubernetes.Events;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.sidecar.session.StanzaSessions;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReference;
import com.dalibo.pgbackrest.stanza.cluster.WalSource;
import com.dalibo.pgbackrest.stanza.rendering.ForbiddenException;
import com.dalibo.pgbackrest.stanza.rendering.UnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Fetches one WAL file for the PostgreSQL here, from the store that its part in the cluster calls
/// for. "Not found" is said only when every repository said so; trouble that may pass is waited out
/// where PostgreSQL would otherwise take it for the end of WAL.
public final class WalRestorer {

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  /// After which a promotion is said to wait.
  private static final Duration FIRST_ANSWER = Duration.ofSeconds(3);

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /// The asynchronous archiver of a cluster that runs may be a few segments ahead with one process
  /// of the next.
  private static final Duration IN_FLIGHT = Duration.ofSeconds(3);

  /// A Role that the operator has just made takes a moment to work.
  private static final Duration RIGHTS_COME_WITHIN = Duration.ofMinutes(1);

  private static final Log log = Log.named("wal-restore");

  private final String podName;
  private final Path pgData;
  private final StanzaSessions sessions;
  private final WalGet walGet;
  private final Prefetch prefetch;
  private final TimelineGuard timelineGuard;
  private final RecoveryGapCheck gaps;
  private final NotFoundMarkers markers;
  private final WaitReporter reporter;
  private final PromotionBudget budget = new PromotionBudget();
  private final PromotionReporter promotions;

  public WalRestorer(
      String podName,
      Path pgData,
      StanzaSessions sessions,
      WalGet walGet,
      Prefetch prefetch,
      TimelineGuard timelineGuard,
      RecoveryGapCheck gaps,
      NotFoundMarkers markers,
      Events events) {
    this.podName = podName;
    this.pgData = pgData;
    this.sessions = sessions;
    this.walGet = walGet;
    this.prefetch = prefetch;
    this.timelineGuard = timelineGuard;
    this.gaps = gaps;
    this.markers = markers;
    this.reporter = new WaitReporter(events);
    this.promotions = new PromotionReporter(podName, pgData, events);
  }

  /// Nothing is fetched any more that PostgreSQL has not asked for.
  public void close() {
    prefetch.close();
  }

  public void fetch(Cluster cluster, String name, Path destination, RestoreMode mode)
      throws Exception {
    var file = WalFile.parse(name);
    check(destination);
    var store =
        WalSource.choose(cluster, podName)
            .orElseThrow(
                () ->
                    new WalNotFoundException(
                        "WAL file '%s' is not available: the Cluster '%s' has no archive to read from"
                            .formatted(name, cluster.name())));
    if (cluster.isBootstrapping()
        && RecoveryRecord.of(cluster, pgData)
            .filter(record -> record.stopsBefore(file))
            .isPresent()) {
      log.info("recovery stops before what was archived since it began", "walFile", file.name());
      prefetch.drop();
      conclude(cluster, store, file, false);
      return;
    }
    if (!isPartOfRecovery(file, mode)) {
      prefetch.drop();
    }
    var wait = new Wait(cluster, file, store, WalRetryPolicy.of(cluster, podName, mode));
    while (true) {
      wait.begin();
      try {
        var found = attempt(cluster, store, file, destination, mode, wait);
        if (!found) {
          prefetch.drop();
          requireEnd(cluster, store, file);
        }
        reporter.answered();
        conclude(cluster, store, file, found);
        return;
      } catch (UnavailableException
          | WalGapException
          | ForbiddenException
          | InvalidStanzaException
          | PreconditionException
          | RepositoriesException
          | PgBackRestException trouble) {
        prefetch.drop();
        wait.on(trouble);
      } catch (WalNotFoundException refusal) {
        prefetch.drop();
        throw refusal;
      }
    }
  }

  private boolean attempt(
      Cluster cluster,
      StanzaReference store,
      WalFile file,
      Path destination,
      RestoreMode mode,
      Wait wait)
      throws Exception {
    var found =
        sessions.with(
            cluster,
            store,
            session -> {
              timelineGuard.check(cluster, session, file, mode);
              return get(cluster, store, session, file, destination, mode, wait);
            });
    return found
        // The demoted primary's last segment exists only as far as it had been written.
        || (isCompletedByPartial(cluster, file)
            && sessions.with(
                cluster,
                store,
                session ->
                    walGet.fetch(
                        session,
                        file.name() + ".partial",
                        destination,
                        wait.policy,
                        wait.limit())));
  }

  /// From what was prefetched, or from the repositories.
  private boolean get(
      Cluster cluster,
      StanzaReference store,
      StanzaSession session,
      WalFile file,
      Path destination,
      RestoreMode mode,
      Wait wait)
      throws Exception {
    if (!isPartOfRecovery(file, mode)) {
      return walGet.fetch(session, file.name(), destination, wait.policy, wait.limit());
    }
    var found =
        prefetch.take(session, file, destination, wait.limit().isEmpty())
            || walGet.fetch(session, file.name(), destination, wait.policy, wait.limit());
    if (found) {
      prefetch.found(cluster, store, session, file, destination);
    }
    return found;
  }

  /// What PostgreSQL asks for in sequence, unlike pg_rewind.
  private static boolean isPartOfRecovery(WalFile file, RestoreMode mode) {
    return file.kind() == WalFile.Kind.SEGMENT && mode == RestoreMode.RECOVERY;
  }

  private static boolean isCompletedByPartial(Cluster cluster, WalFile file) {
    return file.kind() == WalFile.Kind.SEGMENT && cluster.isPromotedByToken();
  }

  /// A standby asks again, or streams; a new cluster goes live where its recovery ends. What
  /// follows another cluster's archive has no other to ask.
  private void requireEnd(Cluster cluster, StanzaReference store, WalFile file) throws Exception {
    if (file.kind() != WalFile.Kind.SEGMENT) {
      return;
    }
    var follows = cluster.isReplica() || cluster.isPromotedByToken();
    if (!follows && !cluster.isBootstrapping()) {
      return;
    }
    var _ =
        sessions.with(
            cluster,
            store,
            session -> {
              if (follows) {
                gaps.follow(cluster, session, file);
              } else {
                gaps.check(cluster, session, file);
              }
              return file;
            });
  }

  private void conclude(Cluster cluster, StanzaReference store, WalFile file, boolean found)
      throws WalNotFoundException, PreconditionException, IOException {
    if (found) {
      markers.remove(file.name());
      log.info("restored", "walFile", file.name(), "stanza", store.stanzaName());
      return;
    }
    if (cluster.isBootstrapping()) {
      markers.add(file.name());
      noteEnd(cluster, file);
      log.info("not in any repository", "walFile", file.name(), "stanza", store.stanzaName());
    }
    throw new WalNotFoundException(
        "WAL file '%s' is in no repository of stanza '%s'"
            .formatted(file.name(), store.stanzaName()));
  }

  /// For the next try, if PostgreSQL fails now because it has not reached its target.
  private void noteEnd(Cluster cluster, WalFile file) throws PreconditionException, IOException {
    var record = RecoveryRecord.of(cluster, pgData);
    if (record.isPresent() && file.kind() == WalFile.Kind.SEGMENT) {
      record.get().endingBefore(file.name()).write(pgData);
    }
  }

  private static void check(Path destination) {
    var directory = destination.getParent();
    if (!destination.isAbsolute() || directory == null) {
      throw new IllegalArgumentException(
          "the destination '%s' of a WAL file must be an absolute path".formatted(destination));
    }
    if (!Files.isDirectory(directory)) {
      throw new IllegalArgumentException(
          "the destination '%s' cannot be written: there is no directory '%s'"
              .formatted(destination, directory));
    }
  }

  /// One request that has met trouble, perhaps more than once. [Retry] does not fit: the time of a
  /// promotion is one budget for many requests, and what may pass depends on who waits.
  private final class Wait {
    private final Cluster cluster;
    private final WalFile file;
    private final StanzaReference store;
    private final WalRetryPolicy policy;
    private final Instant since = Instant.now();
    private Duration pause = FIRST_PAUSE;
    private Instant attempted = since;
    private int attempts;

    Wait(Cluster cluster, WalFile file, StanzaReference store, WalRetryPolicy policy) {
      this.cluster = cluster;
      this.file = file;
      this.store = store;
      this.policy = policy;
    }

    /// An attempt begins.
    ///
    /// @throws RepositoriesException where a promotion has no time left to wait
    void begin() throws RepositoriesException {
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

    /// How long an answer may take that does not come: a moment at first, so that people are told
    /// soon, and then all that is left.
    Optional<Duration> limit() {
      if (policy != WalRetryPolicy.FAILOVER) {
        return Optional.empty();
      }
      var left = budget.left(cluster);
      return Optional.of(attempts > 1 ? left : min(left, FIRST_ANSWER));
    }

    /// Returns when it is time to try again, throws what cannot be waited out.
    <X extends Exception> void on(X trouble) throws X, InterruptedException {
      if (policy == WalRetryPolicy.FAILOVER) {
        onPromotion(trouble);
        return;
      }
      var waited = Duration.between(since, Instant.now());
      if (!mayPass(trouble, waited) || !policy.allows(waited)) {
        giveUp(waited, trouble);
        throw trouble;
      }
      if (!(trouble instanceof WalGapException && waited.compareTo(IN_FLIGHT) < 0)) {
        reporter.report(cluster, store, file, waited, trouble);
      }
      Thread.sleep(pause);
      pause = min(pause.multipliedBy(2), LONGEST_PAUSE);
    }

    private <X extends Exception> void onPromotion(X trouble) throws X, InterruptedException {
      budget.spend(cluster, Duration.between(attempted, Instant.now()), trouble);
      var left = budget.left(cluster);
      if (left.isZero() || !mayPass(trouble, Duration.between(since, Instant.now()))) {
        giveUp(Duration.ZERO, trouble);
        throw trouble;
      }
      if (PromotionBudget.mayLackWal(cluster)) {
        promotions.waits(cluster, store, file, left, trouble);
      }
      var rest = min(FIRST_PAUSE, left);
      Thread.sleep(rest);
      budget.spend(cluster, rest, trouble);
    }

    /// Where PostgreSQL or its command asks again, it is waiting to people, too.
    private void giveUp(Duration waited, Exception trouble) {
      switch (policy) {
        case UNTIL_PUT_RIGHT, UNTIL_IT_PASSES ->
            reporter.report(cluster, store, file, waited, trouble);
        case FAILOVER -> {
          if (file.kind() == WalFile.Kind.SEGMENT && PromotionBudget.mayLackWal(cluster)) {
            promotions.goesOnWithout(cluster, store, file, trouble);
          }
        }
        case ONCE -> {
          if (cluster.isReplica()) {
            reporter.reportIfItLasts(cluster, store, file, trouble);
          }
        }
        case REWIND -> {}
      }
    }

    private boolean mayPass(Exception trouble, Duration waited) {
      if (policy.waitsForPeople()) {
        return true;
      }
      return switch (trouble) {
        case WalGapException _ -> true;
        case ForbiddenException _ -> waited.compareTo(RIGHTS_COME_WITHIN) < 0;
        default -> Retry.mayPass(trouble);
      };
    }

    private static Duration min(Duration one, Duration other) {
      return one.compareTo(other) < 0 ? one : other;
    }
  }
}
