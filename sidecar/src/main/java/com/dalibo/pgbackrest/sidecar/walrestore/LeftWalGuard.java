package com.dalibo.pgbackrest.sidecar.walrestore;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.postgres.ControlFile;
import com.dalibo.pgbackrest.postgres.WalFile;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.failure.RepositoriesException;
import com.dalibo.pgbackrest.sidecar.failure.WalNotFoundException;
import com.dalibo.pgbackrest.sidecar.kubernetes.Events;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.sidecar.wal.LeftWal;
import com.dalibo.pgbackrest.sidecar.walretry.RestoreMode;
import com.dalibo.pgbackrest.sidecar.walretry.WalRetryPolicy;
import com.dalibo.pgbackrest.stanza.api.reason.RestoreReason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// Keeps WAL that was left behind from whoever has no other source than the archive: a new cluster,
/// a replica cluster, and an instance that becomes primary. They get from the former timeline what
/// the new one has in common with it, and no more. A standby has its [TimelineGuard].
public final class LeftWalGuard {
  private static final Log log = Log.named("wal-restore");

  private final Path pgData;
  private final LeftTimelines timelines;
  private final Events events;
  private String given = "";
  private Optional<WalFile> asked = Optional.empty();
  private Optional<WalFile> before = Optional.empty();

  public LeftWalGuard(Path pgData, ArchivedHistories archived, Events events) {
    this.pgData = pgData;
    this.timelines = new LeftTimelines(pgData, archived);
    this.events = events;
  }

  /// Where what is left begins in a segment that may be replayed up to there.
  ///
  /// @throws WalNotFoundException where nothing of it may be replayed
  Optional<LeftTimelines.Departure> check(
      Cluster cluster, StanzaSession session, WalFile file, RestoreMode mode, WalRetryPolicy policy)
      throws WalNotFoundException,
          RepositoriesException,
          PreconditionException,
          IOException,
          InterruptedException {
    if (file.kind() != WalFile.Kind.SEGMENT || mode == RestoreMode.REWIND) {
      return Optional.empty();
    }
    var newer = before(file);
    var follows = cluster.isReplica() || cluster.isPromotedByToken();
    if (policy == WalRetryPolicy.ONCE && !follows) {
      return Optional.empty();
    }
    var later = timelines.later(file.timeline());
    if (later.isEmpty()) {
      return Optional.empty();
    }
    var control = ControlFile.read(pgData);
    if (!cluster.isBootstrapping() && !TimelineGuard.isStandby(pgData, control)) {
      return Optional.empty();
    }
    var segment = new AskedSegment(file, control);
    var left = timelines.within(session, segment, later, newer);
    if (left.isEmpty()) {
      return left;
    }
    var awaited = left.get().segment(file);
    var words =
        "timeline %d left timeline %d at %s"
            .formatted(left.get().by(), file.timeline(), left.get().position());
    var isWhollyLeft = left.get().position().compareTo(segment.begin()) <= 0;
    // PostgreSQL has put it into its WAL directory, and asks every five seconds for what follows.
    if (isWhollyLeft || (follows && isGiven(file))) {
      throw new WalNotFoundException(
          "WAL file '%s' is not replayed: %s, and '%s' is awaited".formatted(file, words, awaited));
    }
    return left;
  }

  /// What PostgreSQL asked for before this, which may be tried several times.
  private synchronized Optional<WalFile> before(WalFile file) {
    if (asked.filter(file::equals).isEmpty()) {
      before = asked;
      asked = Optional.of(file);
    }
    return before;
  }

  private synchronized boolean isGiven(WalFile file) {
    return file.name().equals(given);
  }

  /// Takes away what was left behind, and says so where it was found.
  void erase(Cluster cluster, WalFile file, Path segment, LeftTimelines.Departure left)
      throws IOException {
    LeftWal.erase(segment, left.position());
    synchronized (this) {
      given = file.name();
    }
    var message =
        ("WAL file '%s' is replayed up to %s, where timeline %d left timeline %d: '%s' is in no repository."
                + " To recover what timeline %d wrote after that, set recoveryTarget.targetTLI to '%d'")
            .formatted(
                file,
                left.position(),
                left.by(),
                file.timeline(),
                left.segment(file),
                file.timeline(),
                file.timeline());
    if (cluster.isBootstrapping()) {
      log.warning(message);
      events.warning(cluster, RestoreReason.RECOVERY_TARGET_AT_RISK, message);
    } else {
      log.info(message);
    }
  }
}
