package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.sidecar.failure.FailureWords;
import com.dalibo.pgbackrest.sidecar.kubernetes.ClusterReader;
import com.dalibo.pgbackrest.sidecar.metrics.MetricsEndpoint;
import com.dalibo.pgbackrest.sidecar.ownership.OwnershipClaim;
import com.dalibo.pgbackrest.sidecar.restore.PodBootstrap;
import com.dalibo.pgbackrest.sidecar.retention.RetentionUpkeep;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.sidecar.session.StanzaSessions;
import com.dalibo.pgbackrest.sidecar.settings.Intervals;
import com.dalibo.pgbackrest.sidecar.settings.SidecarSettings;
import com.dalibo.pgbackrest.sidecar.status.StatusRefresh;
import com.dalibo.pgbackrest.sidecar.status.Survey;
import com.dalibo.pgbackrest.sidecar.status.WrittenConditions;
import com.dalibo.pgbackrest.sidecar.verify.Verification;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.reason.ConditionType;
import com.dalibo.pgbackrest.stanza.cluster.StanzaPurpose;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReference;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReferences;
import com.dalibo.pgbackrest.stanza.rendering.ForbiddenException;
import com.dalibo.pgbackrest.stanza.rendering.UnavailableException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// What the primary's sidecar does by itself: it asks the repositories what they hold, writes the
/// status of the cluster's Stanza, hands the answer to the metrics, and lets Backup objects follow
/// their repositories, and the other way round where the Stanza says so.
///
/// It looks every 20 seconds whether there is a reason to ask, such as a Secret that is gone, and
/// is woken when a backup has ended or archiving has turned; without a reason it asks every five
/// minutes. Nothing waits for it, and what fails is done again at the next look.
final class Housekeeping implements AutoCloseable {

  /// The operator takes a status that is three times as old for that of a sidecar that hangs.
  private static final Duration SIGN_OF_LIFE = Duration.ofMinutes(15);

  private static final Log log = Log.named("housekeeping");

  private final SidecarSettings settings;
  private final PodBootstrap bootstrap;
  private final Intervals intervals;
  private final ClusterReader clusters;
  private final StanzaSessions sessions;
  private final StatusRefresh status;
  private final AtomicReference<Optional<Survey>> survey;
  private final RetentionUpkeep backups;
  private final Verification verification;
  private final MetricsEndpoint endpoint;
  private final Thread thread;

  private final Semaphore wakeUps = new Semaphore(0);
  private final AtomicInteger backupsUnderWay = new AtomicInteger();
  private volatile boolean afterBackup;
  private @Nullable Instant askedAt;
  private @Nullable Instant openedAt;
  private Optional<StanzaReference> followed = Optional.empty();
  private boolean backupSeen;

  Housekeeping(
      SidecarSettings settings,
      PodBootstrap bootstrap,
      Intervals intervals,
      ClusterReader clusters,
      StanzaSessions sessions,
      StatusRefresh status,
      AtomicReference<Optional<Survey>> survey,
      RetentionUpkeep backups,
      Verification verification,
      MetricsEndpoint endpoint) {
    this.settings = settings;
    this.bootstrap = bootstrap;
    this.intervals = intervals;
    this.clusters = clusters;
    this.sessions = sessions;
    this.status = status;
    this.survey = survey;
    this.backups = backups;
    this.verification = verification;
    this.endpoint = endpoint;
    this.thread = Thread.ofVirtual().name("housekeeping").unstarted(this::run);
  }

  Housekeeping start() {
    thread.start();
    return this;
  }

  /// Archiving has turned: asks soon, where this is the primary.
  void wake() {
    wakeUps.release();
  }

  /// A backup begins: says at each look how far it is, also on a standby that takes it.
  void backupStarted() {
    backupsUnderWay.incrementAndGet();
    verification.backupStarted();
  }

  /// A backup has ended, well or not: asks soon, also on a standby that took it.
  void backupEnded() {
    backupsUnderWay.decrementAndGet();
    verification.backupEnded();
    afterBackup = true;
    wakeUps.release();
  }

  @Override
  public void close() {
    thread.interrupt();
    verification.close();
    endpoint.close();
  }

  private void run() {
    try {
      while (true) {
        var isWoken = awaitWakeUp();
        try {
          look(isWoken);
        } catch (Exception failure) {
          if (failure instanceof InterruptedException stopped) {
            throw stopped;
          }
          log.warning("the status could not be updated", "cause", FailureWords.of(failure));
        }
      }
    } catch (InterruptedException _) {
      // The sidecar stops.
    }
  }

  private boolean awaitWakeUp() throws InterruptedException {
    if (!wakeUps.tryAcquire(intervals.look().toMillis(), TimeUnit.MILLISECONDS)) {
      return false;
    }
    Thread.sleep(intervals.settle());
    wakeUps.drainPermits();
    return true;
  }

  private void look(boolean isWoken) throws Exception {
    var cluster = clusters.read();
    var ofBackup = afterBackup || backupsUnderWay.get() > 0;
    afterBackup = false;
    if (cluster.isPresent()) {
      bootstrap.follow(cluster.get());
      endpoint.follow(cluster.get());
      var reference = stanzaOf(cluster.get());
      follow(reference);
      if (reference.isPresent() && (isPrimary(cluster.get()) || ofBackup)) {
        look(cluster.get(), reference.get(), isWoken);
        return;
      }
    }
    verification.stop();
    survey.set(Optional.empty());
    askedAt = null;
  }

  /// Where a cluster begins to archive, perhaps anew, WAL of before is missing once there is more.
  private void follow(Optional<StanzaReference> reference) {
    if (reference.isPresent() && !reference.equals(followed)) {
      status.expectGaps();
      askedAt = null;
    }
    followed = reference;
  }

  private void look(Cluster cluster, StanzaReference reference, boolean isWoken) throws Exception {
    var stanza = sessions.stanza(cluster, reference);
    if (belongsToAnother(stanza, cluster)) {
      verification.stop();
      return;
    }
    if (isPrimary(cluster)) {
      status.writeStandstill(stanza);
    }
    if (!isWoken && !isDue(stanza) && isUsable(cluster, reference)) {
      if (RetentionUpkeep.followsObjects(stanza) && isPrimary(cluster)) {
        backups.followObjects(cluster, sessions.open(cluster, reference).with(stanza));
      }
      return;
    }
    // No failure is tried again here: the Stanza was edited while its repositories were asked.
    for (var attempt = 1; !ask(cluster, reference, isWoken) && attempt < 3; attempt++) {
      Thread.sleep(intervals.settle());
    }
  }

  /// Asks and writes.
  ///
  /// @return false where the Stanza was changed meanwhile
  private boolean ask(Cluster cluster, StanzaReference reference, boolean isWoken)
      throws Exception {
    // Before the question, so that a change while it is asked is a reason to ask again.
    var stanza = sessions.stanza(cluster, reference);
    var isPrimary = isPrimary(cluster);
    StanzaSession opened;
    StatusRefresh.Answer answer;
    try {
      opened = sessions.open(cluster, reference);
      answer = status.ask(opened, stanza, isPrimary, isWoken);
    } catch (InvalidStanzaException invalid) {
      askedAt = null;
      return status.writeUnusable(stanza, invalid);
    }
    var found = answer.found();
    backupSeen = found.info().backupLock().held();
    if (isPrimary) {
      survey.set(Optional.of(found));
    }
    if (!status.write(cluster, stanza, answer)) {
      return false;
    }
    askedAt = Instant.now();
    var session = opened.with(stanza);
    if (!backupSeen) {
      if (isPrimary) {
        if (backupsUnderWay.get() == 0) {
          backups.expire(session, found.info());
        }
        backups.followObjects(cluster, session);
      }
      backups.followRepositories(cluster, session, found.info());
    }
    if (isPrimary) {
      verification.follow(session, found.info(), found.status(), this::wake);
    }
    return true;
  }

  /// Whether the Secrets of the Stanza are still there, at every third look: nothing may need them
  /// for minutes, and what needs them then fails.
  private boolean isUsable(Cluster cluster, StanzaReference reference)
      throws ForbiddenException, UnavailableException, IOException, InterruptedException {
    if (!isOld(openedAt, intervals.look().multipliedBy(3))) {
      return true;
    }
    openedAt = Instant.now();
    try {
      var _ = sessions.open(cluster, reference);
      return true;
    } catch (InvalidStanzaException _) {
      return false;
    }
  }

  private boolean isDue(Stanza stanza) {
    return isOld(askedAt, endpoint.interval().orElse(intervals.ask()))
        || isOld(askedAt, SIGN_OF_LIFE)
        || status.isDue(stanza)
        || (isUnsettled(stanza) && isOld(askedAt, intervals.look().multipliedBy(3)));
  }

  /// What is under way or not well, and is asked about at every third look: each answer takes a
  /// process of its own beside the backup.
  private boolean isUnsettled(Stanza stanza) {
    return backupSeen || backupsUnderWay.get() > 0 || backups.isAnyOwed() || !isReady(stanza);
  }

  private static boolean isReady(Stanza stanza) {
    return WrittenConditions.of(stanza).isTrue(ConditionType.READY);
  }

  private static boolean isOld(@Nullable Instant at, Duration age) {
    return at == null || Instant.now().isAfter(at.plus(age));
  }

  private static Optional<StanzaReference> stanzaOf(Cluster cluster) throws InvalidStanzaException {
    return cluster.archivesHere()
        ? StanzaReferences.of(cluster).find(StanzaPurpose.ARCHIVE)
        : Optional.empty();
  }

  private boolean isPrimary(Cluster cluster) {
    return cluster.currentPrimary().filter(settings.podName()::equals).isPresent();
  }

  private static boolean belongsToAnother(Stanza stanza, Cluster cluster) {
    return OwnershipClaim.of(cluster, stanza, false)
        .owner()
        .filter(owner -> !cluster.uid().equals(owner.uid()))
        .isPresent();
  }
}
