package com.dalibo.pgbackrest.sidecar.backup;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.wal.RepositoryWal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The wait for the WAL without which a backup cannot be restored.
///
/// pgBackRest was told not to wait for it, because its check refuses CNPG's `archive_command`. The
/// last segments usually are on their way when the backup ends; patience is counted from the last
/// segment that arrived, so that a backlog being archived is not a failure. This is why it is no
/// [Retry][com.dalibo.pgbackrest.sidecar.failure.Retry]: the time starts again, and most looks do
/// not fail.
final class BackupWalWait {
  private static final Log log = Log.named("backup");

  /// Segments that archiving has not brought are looked for on the server itself.
  interface Source {
    void push(String segment) throws InterruptedException;
  }

  private final RepositoryWal archive;
  private final Source server;
  private final Duration limit;
  private final Duration pause;

  /// @param limit since the last segment that arrived
  /// @param pause the longest between two looks; the first are closer together, because archiving
  ///   brings the last segment of most backups within a fraction of a second
  BackupWalWait(RepositoryWal archive, Source server, Duration limit, Duration pause) {
    this.archive = archive;
    this.server = server;
    this.limit = limit;
    this.pause = pause;
  }

  /// The first segment that did not arrive in time.
  Optional<String> firstMissing(List<String> segments)
      throws PgBackRestException, PreconditionException, InterruptedException {
    var missing = segments;
    var waits = false;
    var since = System.nanoTime();
    while (true) {
      try {
        // What has arrived once is not looked for again.
        var still = archive.missing(missing);
        if (still.isEmpty()) {
          return Optional.empty();
        }
        if (still.size() < missing.size()) {
          since = System.nanoTime();
        }
        if (!waits || still.size() < missing.size()) {
          log.info(
              "waiting for WAL of the backup",
              "walFile",
              still.getFirst(),
              "segments",
              still.size(),
              "patienceSeconds",
              limit.toSeconds());
        }
        waits = true;
        missing = still;
        if (isOver(since)) {
          return Optional.of(missing.getFirst());
        }
        // Archiving had its chance.
        if (System.nanoTime() - since >= limit.dividedBy(8).toNanos()) {
          for (var segment : missing) {
            server.push(segment);
          }
        }
      } catch (PgBackRestException trouble) {
        // The backup is made: a repository that stumbles now is no reason to call it lost.
        if (!trouble.isTransient() || isOver(since)) {
          throw trouble;
        }
        log.warning("the archive cannot be listed, trying again", "cause", trouble.getMessage());
      }
      Thread.sleep(pauseAfter(Duration.ofNanos(System.nanoTime() - since)));
    }
  }

  /// A quarter of the time waited so far, from a tenth of the longest pause on.
  private Duration pauseAfter(Duration waited) {
    var quarter = waited.dividedBy(4);
    var shortest = pause.dividedBy(10);
    if (quarter.compareTo(shortest) < 0) {
      return shortest;
    }
    return quarter.compareTo(pause) < 0 ? quarter : pause;
  }

  private boolean isOver(long since) {
    return System.nanoTime() - since >= limit.toNanos();
  }
}
