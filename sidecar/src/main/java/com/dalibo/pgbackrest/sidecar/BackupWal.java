package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.program.PgBackRestException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The wait for the WAL without which a backup cannot be restored.
///
/// pgBackRest was told not to wait for it, because its check refuses CNPG's `archive_command`. The
/// last segments usually are on their way when the backup ends; patience is counted from the last
/// segment that arrived, so that a backlog being archived is not a failure.
final class BackupWal {
  private static final Log log = Log.named("backup");

  private final RepositoryWal archive;
  private final Duration patience;
  private final Duration pause;

  BackupWal(RepositoryWal archive, Duration patience, Duration pause) {
    this.archive = archive;
    this.patience = patience;
    this.pause = pause;
  }

  /// The first segment that did not arrive in time.
  Optional<String> firstMissing(List<String> segments)
      throws PgBackRestException, InterruptedException {
    var awaited = Optional.<String>empty();
    var since = System.nanoTime();
    while (true) {
      var missing = archive.firstMissing(segments);
      if (missing.isEmpty()) {
        return missing;
      }
      if (!missing.equals(awaited)) {
        log.info(
            "waiting for WAL of the backup",
            "walSegment",
            missing.get(),
            "patienceSeconds",
            patience.toSeconds());
        awaited = missing;
        since = System.nanoTime();
      } else if (System.nanoTime() - since >= patience.toNanos()) {
        return missing;
      }
      Thread.sleep(pause);
    }
  }
}
