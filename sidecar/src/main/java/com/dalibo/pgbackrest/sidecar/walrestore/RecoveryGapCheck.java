package com.dalibo.pgbackrest.sidecar.walrestore;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.postgres.TargetTimeline;
import com.dalibo.pgbackrest.postgres.WalFile;
import com.dalibo.pgbackrest.selection.RecoveryGoal;
import com.dalibo.pgbackrest.selection.RestoreTarget;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.failure.RepositoriesException;
import com.dalibo.pgbackrest.sidecar.failure.WalGapException;
import com.dalibo.pgbackrest.sidecar.kubernetes.ClusterReader;
import com.dalibo.pgbackrest.sidecar.kubernetes.Events;
import com.dalibo.pgbackrest.sidecar.kubernetes.KubernetesException;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.stanza.api.reason.Reason;
import com.dalibo.pgbackrest.stanza.api.reason.RestoreReason;
import com.dalibo.pgbackrest.stanza.cluster.RequestedRecovery;
import com.dalibo.pgbackrest.stanza.contract.MissingWal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/// Tells the end of the WAL from a hole in it. To PostgreSQL they are the same: it ends the
/// recovery of a new cluster at the first segment that is not there, and goes live without what was
/// written later. What belongs to the WAL of a recovery is asked of [WalAhead], by the rules of a
/// plan.
///
/// To end there is for the user to decide, with an annotation of the Cluster that names the
/// segment; it is read while recovery waits. A replica cluster waits by itself and is only told.
public final class RecoveryGapCheck {
  /// The name of the annotation; its value is the first segment that is missing.
  static final String ACCEPT = "pgbackrest.dalibo.com/acceptMissingWAL";

  private static final Log log = Log.named("wal-restore");

  private final Path pgData;
  private final WalAhead ahead;
  private final ClusterReader clusters;
  private final StalledSegment stalled;
  private final Events events;

  public RecoveryGapCheck(
      Path pgData,
      ArchivedHistories histories,
      ClusterReader clusters,
      StalledSegment stalled,
      Events events) {
    this.pgData = pgData;
    this.ahead = new WalAhead(pgData, histories);
    this.clusters = clusters;
    this.stalled = stalled;
    this.events = events;
  }

  /// Returns where recovery may end before a segment that no repository has.
  void check(Cluster cluster, StanzaSession session, WalFile segment)
      throws WalGapException,
          PgBackRestException,
          PreconditionException,
          RepositoriesException,
          IOException,
          InterruptedException {
    var goal = goal(cluster);
    if (goal.isEmpty()) {
      reportHole(cluster, session, segment, new TargetTimeline.Latest());
      return;
    }
    var timeline = goal.get().timeline();
    if (RecoveryRecord.of(cluster, pgData).filter(RecoveryRecord::toTheEnd).isPresent()) {
      requireEnd(cluster, session, segment, timeline);
      return;
    }
    switch (goal.get().target()) {
      case RestoreTarget.Latest _ -> requireEnd(cluster, session, segment, timeline);
      // PostgreSQL looks one record further, and does not need it. Without the backup's own WAL it
      // fails by itself.
      case RestoreTarget.Immediate _ -> {}
      case RestoreTarget.Time _, RestoreTarget.Lsn _, RestoreTarget.Xid _, RestoreTarget.Name _ ->
          reportHole(cluster, session, segment, timeline);
    }
  }

  /// A recovery from volume snapshots may have a target that PostgreSQL reads and we do not.
  private static Optional<RecoveryGoal> goal(Cluster cluster) {
    try {
      return Optional.of(RequestedRecovery.of(cluster, Instant.now()).request());
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /// What to do about a segment that recovery cannot do without.
  public static String remedy(Cluster cluster, String segment) {
    return ("Restore that file in the repository; or, to accept the loss of everything written "
            + "from there on, run: kubectl annotate cluster --namespace %s %s %s=%s")
        .formatted(cluster.namespace(), cluster.name(), ACCEPT, segment);
  }

  private void requireEnd(
      Cluster cluster, StanzaSession session, WalFile segment, TargetTimeline timeline)
      throws WalGapException,
          PgBackRestException,
          PreconditionException,
          RepositoriesException,
          IOException,
          InterruptedException {
    var later = ahead.after(segment, session, timeline);
    if (later.isEmpty()) {
      return;
    }
    if (isAccepted(cluster, segment.name())) {
      log.warning(
          "recovery ends before missing WAL, which an annotation of the Cluster accepts",
          "walFile",
          segment,
          "later",
          later.get());
      return;
    }
    throw new WalGapException(
        "it %s, so recovery would end early. %s"
            .formatted(MissingWal.words("", later.get()), remedy(cluster, segment.name())));
  }

  /// PostgreSQL does not go live short of a target: it fails, says so in its log only, and CNPG
  /// makes a new job. But it reads ahead, so that the target may be before this segment.
  private void reportHole(
      Cluster cluster, StanzaSession session, WalFile segment, TargetTimeline timeline)
      throws PgBackRestException,
          PreconditionException,
          RepositoriesException,
          IOException,
          InterruptedException {
    var later = ahead.after(segment, session, timeline);
    if (later.isEmpty()) {
      return;
    }
    warn(
        cluster,
        RestoreReason.RECOVERY_TARGET_AT_RISK,
        ("WAL file '%s' is in no repository, though later WAL is ('%s'). If the target of the"
                + " recovery is not before it, PostgreSQL fails with 'recovery ended before configured"
                + " recovery target was reached': choose a target before it")
            .formatted(segment, later.get()));
  }

  /// For one that follows an archive, where what is missing is mostly not there yet.
  void follow(Cluster cluster, StanzaSession session, WalFile segment)
      throws PgBackRestException,
          PreconditionException,
          RepositoriesException,
          IOException,
          InterruptedException {
    if (!stalled.isDue(segment.name())) {
      return;
    }
    var later = ahead.after(segment, session, new TargetTimeline.Latest());
    if (later.isPresent()) {
      warn(
          cluster,
          RestoreReason.RECOVERY_WAITS,
          ("recovery waits for WAL file '%s', which %s: this cluster cannot follow further. Restore"
                  + " that file in the repository, or create the cluster again from a later backup")
              .formatted(
                  segment,
                  MissingWal.words(
                      " of stanza '%s'".formatted(session.stanza().name()), later.get())));
    }
  }

  private void warn(Cluster cluster, Reason reason, String message) {
    log.warning(message);
    events.warning(cluster, reason, message);
  }

  public static boolean accepts(Cluster cluster, String segment) {
    return segment.equals(cluster.annotations().get(ACCEPT));
  }

  /// As the Cluster is now, for recovery may have begun long ago.
  private boolean isAccepted(Cluster cluster, String segment) throws InterruptedException {
    try {
      return accepts(clusters.read().orElse(cluster), segment);
    } catch (KubernetesException unknown) {
      log.debug("annotations cannot be read", "cause", unknown.getMessage());
      return accepts(cluster, segment);
    }
  }
}
