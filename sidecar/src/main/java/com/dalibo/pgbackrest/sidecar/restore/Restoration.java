package com.dalibo.pgbackrest.sidecar.restore;

import com.dalibo.pgbackrest.cnpgi.Plugin;
import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.cnpgi.object.ExternalCluster;
import com.dalibo.pgbackrest.postgres.ControlFile;
import com.dalibo.pgbackrest.selection.RestoreTarget;
import com.dalibo.pgbackrest.sidecar.choice.ArchiveEnd;
import com.dalibo.pgbackrest.sidecar.choice.ChosenBackup;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.failure.TargetUnreachableException;
import com.dalibo.pgbackrest.sidecar.kubernetes.Events;
import com.dalibo.pgbackrest.sidecar.ownership.EmptyArchiveCheck;
import com.dalibo.pgbackrest.sidecar.ownership.OwnershipGuard;
import com.dalibo.pgbackrest.sidecar.session.StanzaSessions;
import com.dalibo.pgbackrest.sidecar.wal.WalTablespaces;
import com.dalibo.pgbackrest.sidecar.walrestore.NotFoundMarkers;
import com.dalibo.pgbackrest.sidecar.walrestore.RecoveryRecord;
import com.dalibo.pgbackrest.stanza.api.reason.RestoreReason;
import com.dalibo.pgbackrest.stanza.cluster.RequestedRecovery;
import com.dalibo.pgbackrest.stanza.cluster.StanzaPurpose;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReferences;
import com.dalibo.pgbackrest.stanza.contract.CopiedBackup;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/// The recovery of a new cluster up to where PostgreSQL takes over: checks that need no data, the
/// choice of a backup, its copy, and what has to be put right in the copy.
public final class Restoration {
  private static final Log log = Log.named("restore");

  private final Volumes volumes;
  private final StanzaSessions sessions;
  private final OwnershipGuard guard;
  private final RecoverySource source;
  private final BackupCopy copy;
  private final NotFoundMarkers markers;
  private final RecoveryConfiguration configuration;
  private final RestoreRetryPolicy retryPolicy;
  private final Events events;
  private final String job;
  private final RecoveryPauseWatch pauses;
  private final DirectoriesAside aside;
  private final boolean inPod;
  private final VolumeLock lock;

  /// @param job the name of the job or, where the pod is the instance's, of the pod
  /// @param inPod whether the data directory becomes an instance's in this pod, which is not that
  ///   of a job
  /// @param lock of the volume
  public Restoration(
      String job,
      Volumes volumes,
      StanzaSessions sessions,
      OwnershipGuard guard,
      RecoverySource source,
      BackupCopy copy,
      NotFoundMarkers markers,
      RecoveryConfiguration configuration,
      RestoreRetryPolicy retryPolicy,
      Events events,
      boolean inPod,
      VolumeLock lock) {
    this.lock = lock;
    this.job = job;
    this.pauses = new RecoveryPauseWatch(volumes.pgData(), inPod, events);
    this.volumes = volumes;
    this.sessions = sessions;
    this.guard = guard;
    this.source = source;
    this.copy = copy;
    this.markers = markers;
    this.configuration = configuration;
    this.retryPolicy = retryPolicy;
    this.events = events;
    this.aside = new DirectoriesAside(volumes);
    this.inPod = inPod;
  }

  public RecoveryConfiguration restore(Cluster cluster, EmptyArchiveCheck check) throws Exception {
    requireSource(cluster);
    requireNoPrimary(cluster);
    hold(cluster);
    requireNoData();
    if (inPod) {
      aside.requireNoInstance();
    }
    var requested = RequestedRecovery.of(cluster, Instant.now());
    requested.warnings().forEach(warning -> warn(cluster, warning));
    markers.clear();
    checkOwnArchive(cluster, check);
    var chosen =
        retryPolicy.until(cluster, "choosing a backup", () -> source.choose(cluster, requested));
    var earlier = aside.lastTry().filter(left -> left.isOf(chosen));
    if (earlier.isPresent() && earlier.get().isOnTheWay(cluster, chosen, requested)) {
      goOn(earlier.get());
      if (requested.request().target() instanceof RestoreTarget.Latest) {
        WalTablespaces.require(cluster, volumes.pgData());
      }
    } else {
      aside.disownAllBut(earlier.map(EarlierTry::directory));
      var begun = System.nanoTime();
      copy.make(cluster, chosen, earlier);
      requireKnownZone(requested);
      var record = record(cluster, chosen, requested);
      copy.putInPlace(earlier.map(EarlierTry::record).map(record::following).orElse(record));
      announce(cluster, chosen, Duration.ofNanos(System.nanoTime() - begun));
    }
    copy.placeHistory(cluster, chosen);
    settleTarget(cluster, chosen, requested);
    begin(cluster);
    pauses.start(cluster, job);
    log.info(
        "data directory is ready for recovery",
        "backupLabel",
        chosen.backup().label(),
        "target",
        requested.target());
    return configuration;
  }

  private void hold(Cluster cluster) throws Exception {
    retryPolicy.until(
        cluster,
        "locking the volume",
        () -> {
          lock.hold();
          return lock;
        });
  }

  private void announce(Cluster cluster, ChosenBackup chosen, Duration time) {
    events.normal(
        cluster,
        RestoreReason.BACKUP_COPIED,
        new CopiedBackup(chosen.backup().label(), chosen.repository().label(), time.toSeconds())
            .message());
  }

  private static RecoveryRecord record(
      Cluster cluster, ChosenBackup chosen, RequestedRecovery requested) {
    return RecoveryRecord.of(
        new RecoveryRecord.Aim(
            cluster.uid(),
            chosen.stanza().name(),
            chosen.backup().label(),
            requested.way(),
            requested.target()));
  }

  /// CNPG writes the target; it is left out where the WAL ends before it and has all it asks for.
  private void settleTarget(Cluster cluster, ChosenBackup chosen, RequestedRecovery requested)
      throws Exception {
    var record = RecoveryRecord.read(volumes.pgData()).orElseThrow();
    ArchiveEnd.Course course;
    try {
      course =
          sessions.with(
              cluster,
              chosen.reference(),
              session ->
                  new ArchiveEnd(
                          session,
                          chosen,
                          ControlFile.read(volumes.pgData()).walSegmentSize(),
                          volumes.pgData())
                      .course(requested, record));
    } catch (TargetUnreachableException unreachable) {
      // The next try asks PostgreSQL again: what ended this one may have been something else.
      record.again(requested.target(), 0, "").write(volumes.pgData());
      throw new TargetUnreachableException(
          unreachable.getMessage() + "; the next try continues with what has been copied");
    }
    copy.setTarget(course.stop().isEmpty());
    record.again(requested.target(), course.misses(), course.stop()).write(volumes.pgData());
  }

  /// PostgreSQL takes over.
  private void begin(Cluster cluster) throws IOException {
    var record = RecoveryRecord.read(volumes.pgData()).orElseThrow();
    RepeatedRecovery.words(cluster, record, job, inPod)
        .ifPresent(
            words -> {
              log.warning(words);
              events.warning(cluster, RestoreReason.RECOVERY_REPEATED, words);
            });
    record.begunOnceMore().write(volumes.pgData());
  }

  /// PostgreSQL goes on where it was.
  private void goOn(EarlierTry earlier) throws IOException {
    earlier.putBack();
    log.info(
        "the recovery goes on with the data directory of an earlier try",
        "directory",
        earlier.directory(),
        "backupLabel",
        earlier.record().aim().backup());
  }

  private void warn(Cluster cluster, String warning) {
    log.warning(warning);
    events.warning(cluster, RestoreReason.RECOVERY_TARGET_AT_RISK, warning);
  }

  private static void requireSource(Cluster cluster) throws PreconditionException {
    if (cluster.recoverySource().flatMap(ExternalCluster::plugin).isEmpty()) {
      throw new PreconditionException(
          ("cluster '%s' does not recover through plugin '%s': set bootstrap.recovery.source to "
                  + "an external cluster with that plugin and a stanzaRef")
              .formatted(cluster.name(), Plugin.NAME));
    }
  }

  /// A Cluster is recovered once, before it has a primary. CNPG asks again where the node of its
  /// first pod was restarted, and has moved the data aside by then.
  private void requireNoPrimary(Cluster cluster) throws PreconditionException {
    if (cluster.currentPrimary().isPresent()) {
      throw new PreconditionException(
          ("nothing was restored: cluster '%s' has been recovered, its primary is '%s'. If this pod has lost"
                  + " its data directory '%s', look beside it for one that CNPG moved aside ('%s_' and a time),"
                  + " rename that back in this container and delete the pod")
              .formatted(
                  cluster.name(),
                  cluster.currentPrimary().get(),
                  volumes.pgData(),
                  volumes.pgData().getFileName()));
    }
  }

  /// CNPG moves an earlier data directory away before it calls.
  private void requireNoData() throws PreconditionException, IOException {
    if (volumes.holdData()) {
      throw new PreconditionException(
          "data directory '%s' is not empty and nothing was restored over it; give the cluster new volumes"
              .formatted(volumes.pgData()));
    }
  }

  /// What [RecoveryConfiguration] says of the time zone is nothing against `ALTER SYSTEM`.
  private void requireKnownZone(RequestedRecovery requested)
      throws PreconditionException, IOException {
    if (requested.zonelessTime().isPresent() && copy.bringsAnotherZone()) {
      copy.discard();
      throw new PreconditionException(
          ("recoveryTarget.targetTime '%s' has no time zone, and PostgreSQL would use the one "
                  + "that ALTER SYSTEM set in the backed-up cluster: add the zone, such as '+00:00'")
              .formatted(requested.zonelessTime().get()));
    }
  }

  private void checkOwnArchive(Cluster cluster, EmptyArchiveCheck check) throws Exception {
    if (!cluster.archivesHere()) {
      log.info("the restored cluster will not archive here", "cluster", cluster.name());
      return;
    }
    var reference = StanzaReferences.of(cluster).get(StanzaPurpose.ARCHIVE);
    retryPolicy.until(
        cluster,
        "checking the archive of the new cluster",
        () -> {
          guard.inspect(cluster, sessions.open(cluster, reference), check);
          return reference;
        });
    log.info(
        "the restored cluster may archive to its stanza",
        "cluster",
        cluster.name(),
        "stanza",
        reference.stanzaName());
  }
}
