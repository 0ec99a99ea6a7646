package com.dalibo.pgbackrest.sidecar.walrestore;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.postgres.WalFile;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.sidecar.session.StanzaSessions;
import com.dalibo.pgbackrest.sidecar.walretry.RestoreMode;
import com.dalibo.pgbackrest.sidecar.walretry.WalRetry;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReference;
import java.nio.file.Path;

/// Searches the repositories of a stanza for a WAL file. "Not found" is the answer only when every
/// repository gave it, and no later WAL shows that there is a gap.
final class WalSearch {
  private final StanzaSessions sessions;
  private final WalGet walGet;
  private final Prefetch prefetch;
  private final TimelineGuard timelineGuard;
  private final LeftWalGuard leftWal;
  private final RecoveryGapCheck gaps;

  WalSearch(
      StanzaSessions sessions,
      WalGet walGet,
      Prefetch prefetch,
      TimelineGuard timelineGuard,
      LeftWalGuard leftWal,
      RecoveryGapCheck gaps) {
    this.sessions = sessions;
    this.walGet = walGet;
    this.prefetch = prefetch;
    this.timelineGuard = timelineGuard;
    this.leftWal = leftWal;
    this.gaps = gaps;
  }

  void close() {
    prefetch.close();
  }

  void dropPrefetched() {
    prefetch.drop();
  }

  /// Puts the file at its destination.
  ///
  /// @return whether it was found
  boolean find(
      Cluster cluster,
      StanzaReference store,
      WalFile file,
      Path destination,
      RestoreMode mode,
      WalRetry retry)
      throws Exception {
    if (!isPartOfRecovery(file, mode)) {
      prefetch.drop();
    }
    var found = fetched(cluster, store, file, destination, mode, retry);
    if (!found) {
      prefetch.drop();
      requireEnd(cluster, store, file);
    }
    return found;
  }

  private boolean fetched(
      Cluster cluster,
      StanzaReference store,
      WalFile file,
      Path destination,
      RestoreMode mode,
      WalRetry retry)
      throws Exception {
    var found =
        sessions.with(
            cluster,
            store,
            session -> {
              timelineGuard.check(cluster, session, file, mode);
              var left = leftWal.check(cluster, session, file, mode, retry.policy());
              var isThere = get(cluster, store, session, file, destination, mode, retry);
              if (isThere && left.isPresent()) {
                leftWal.erase(cluster, file, destination, left.get());
              }
              return isThere;
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
                        retry.policy(),
                        retry.limit())));
  }

  /// From what was prefetched, or from the repositories.
  private boolean get(
      Cluster cluster,
      StanzaReference store,
      StanzaSession session,
      WalFile file,
      Path destination,
      RestoreMode mode,
      WalRetry retry)
      throws Exception {
    if (!isPartOfRecovery(file, mode)) {
      return walGet.fetch(session, file.name(), destination, retry.policy(), retry.limit());
    }
    var found =
        prefetch.take(session, file, destination, retry.limit().isEmpty())
            || walGet.fetch(session, file.name(), destination, retry.policy(), retry.limit());
    if (found) {
      prefetch.found(cluster, store, session, file, destination);
    }
    return found;
  }

  /// PostgreSQL asks for these in sequence, unlike pg_rewind.
  private static boolean isPartOfRecovery(WalFile file, RestoreMode mode) {
    return file.kind() == WalFile.Kind.SEGMENT && mode == RestoreMode.RECOVERY;
  }

  private static boolean isCompletedByPartial(Cluster cluster, WalFile file) {
    return file.kind() == WalFile.Kind.SEGMENT && cluster.isPromotedByToken();
  }

  /// A standby asks again, or streams; a new cluster is promoted where its recovery ends. A cluster
  /// that follows the archive of another has no other source.
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
}
