package com.dalibo.pgbackrest.sidecar.walrestore;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.postgres.ControlFile;
import com.dalibo.pgbackrest.postgres.TimelineHistory;
import com.dalibo.pgbackrest.postgres.WalFile;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.failure.RepositoriesException;
import com.dalibo.pgbackrest.sidecar.failure.WalNotFoundException;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.sidecar.walretry.RestoreMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/// Keeps a standby from WAL that its cluster has left behind.
///
/// A former primary archives its last segment whole, also what it wrote after the new timeline had
/// left it. A standby that replayed that could not follow the new primary any more, and would have
/// the highest position of all: CNPG would elect it at the next failure, and rows of the new
/// timeline were lost. What it misses here it streams, or reads from the new timeline's segment,
/// which begins with the same records.
public final class TimelineGuard {
  private static final Log log = Log.named("wal-restore");

  private final String podName;
  private final Path pgData;
  private final ArchivedHistories histories;
  private final PrimaryTimeline timelines = new PrimaryTimeline();
  private final UnknownPrimaryTimer uncertainty;
  private String refused = "";

  public TimelineGuard(
      String podName, Path pgData, ArchivedHistories histories, InstantSource clock) {
    this.podName = podName;
    this.pgData = pgData;
    this.histories = histories;
    this.uncertainty = new UnknownPrimaryTimer(clock);
  }

  /// Returns where the file may be replayed.
  ///
  /// @throws WalNotFoundException where it may not, with the reason: PostgreSQL looks elsewhere
  synchronized void check(Cluster cluster, StanzaSession session, WalFile file, RestoreMode mode)
      throws WalNotFoundException,
          RepositoriesException,
          PreconditionException,
          IOException,
          InterruptedException {
    if (file.kind() != WalFile.Kind.SEGMENT || mode == RestoreMode.REWIND || !follows(cluster)) {
      return;
    }
    var control = ControlFile.read(pgData);
    if (!isStandby(pgData, control)) {
      return;
    }
    var timeline = timelines.of(cluster);
    if (timeline.isEmpty()) {
      refuseInDoubt(cluster, file, unsettled(cluster));
      return;
    }
    if (timeline.getAsInt() <= file.timeline()) {
      uncertainty.end();
      return;
    }
    var history = histories.of(session, timeline.getAsInt());
    if (history.isEmpty()) {
      refuseInDoubt(
          cluster,
          file,
          "until the history of timeline %d, which shows where it started, is archived"
              .formatted(timeline.getAsInt()));
      return;
    }
    uncertainty.end();
    if (!history.get().contains(file.timeline(), file.end(control.walSegmentSize()))) {
      throw refusal(file, left(history.get(), file));
    }
  }

  /// Whether this instance follows another one of its cluster, and is not to take over.
  private boolean follows(Cluster cluster) {
    return cluster.currentPrimary().isPresent()
        && !cluster.isReplica()
        && !cluster.currentPrimary().get().equals(podName)
        && !cluster.targetPrimary().equals(Optional.of(podName));
  }

  /// A former primary before pg_rewind is none yet, and needs its own WAL: CNPG up to 1.30 does not
  /// say in the request that it is for pg_rewind.
  static boolean isStandby(Path pgData, ControlFile control) {
    return switch (control.state()) {
      // A standby that stopped has the second when it asks for its first segment.
      case IN_ARCHIVE_RECOVERY, SHUTDOWNED_IN_RECOVERY ->
          Files.exists(pgData.resolve("standby.signal"));
      case STARTUP, SHUTDOWNED, SHUTDOWNING, IN_CRASH_RECOVERY, IN_PRODUCTION -> false;
    };
  }

  private static String unsettled(Cluster cluster) {
    var current = cluster.currentPrimary().orElse("");
    var target = cluster.targetPrimary().orElse("");
    return current.equals(target)
        ? "until CNPG has recorded that '%s' is primary, and on which timeline".formatted(current)
        : "while '%s' takes over from '%s'".formatted(target, current);
  }

  private static String left(TimelineHistory history, WalFile file) {
    return history.branches().stream()
        .filter(branch -> branch.timeline() == file.timeline())
        .findFirst()
        .map(
            branch ->
                "because timeline %d left timeline %d at %s"
                    .formatted(history.timeline(), branch.timeline(), branch.end()))
        .orElseGet(
            () ->
                "because timeline %d is no ancestor of the cluster's timeline %d"
                    .formatted(file.timeline(), history.timeline()));
  }

  private void refuseInDoubt(Cluster cluster, WalFile file, String reason)
      throws WalNotFoundException {
    if (!uncertainty.hasLastedTooLong(cluster, reason)) {
      throw refusal(file, reason);
    }
    log.warning(
        "restored to a standby, although its cluster may leave that timeline",
        "walFile",
        file.name(),
        "cause",
        "nothing has changed for %d minutes: %s"
            .formatted(UnknownPrimaryTimer.LONGEST.toMinutes(), reason));
  }

  private WalNotFoundException refusal(WalFile file, String reason) {
    var words =
        "WAL file '%s' is not for standby '%s' %s: replayed to its end, it could make the standby diverge from the primary"
            .formatted(file.name(), podName, reason);
    if (!words.equals(refused)) {
      log.info("withheld from the standby", "walFile", file.name(), "cause", words);
      refused = words;
    }
    return new WalNotFoundException(words);
  }
}
