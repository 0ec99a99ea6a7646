package com.dalibo.pgbackrest.sidecar.choice;

import com.dalibo.pgbackrest.command.ArchiveGet;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.postgres.TargetTimeline;
import com.dalibo.pgbackrest.postgres.Timelines;
import com.dalibo.pgbackrest.postgres.WalFile;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.sidecar.wal.FetchedHistory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The `.history` files that a recovery looks for, put into `pg_wal` beforehand.
///
/// Some releases of CNPG refuse every request for such a file during the recovery of a new cluster,
/// which then silently ends on the timeline of the backup. PostgreSQL looks into `pg_wal` when its
/// command has nothing.
public record HistoryFiles(List<String> names) {
  /// Those from the timeline of the backup to that of the target, in the order PostgreSQL asks.
  static HistoryFiles between(int backupTimeline, TargetTimeline target, Timelines archived) {
    var last = archived.last(backupTimeline, target);
    var names = new ArrayList<String>();
    for (var timeline = backupTimeline; timeline <= last; timeline++) {
      if (archived.histories().containsKey(timeline)) {
        names.add("%08X.history".formatted(timeline));
      }
    }
    return new HistoryFiles(List.copyOf(names));
  }

  public void fetch(StanzaSession session, Path walDirectory)
      throws PgBackRestException, PreconditionException, InterruptedException {
    for (var name : names) {
      fetch(session, name, walDirectory.resolve(name));
    }
  }

  /// One repository after the other: asked for all at once, pgBackRest calls a file missing that
  /// one repository has not and another cannot tell.
  private static void fetch(StanzaSession session, String name, Path destination)
      throws PgBackRestException, PreconditionException, InterruptedException {
    var failures = new ArrayList<PgBackRestException>();
    for (var repository : session.numbers()) {
      try {
        if (session.pgBackRest().archiveGet(name, destination, repository) == ArchiveGet.FOUND) {
          FetchedHistory.requireIntact(WalFile.parse(name), destination);
          return;
        }
      } catch (PgBackRestException failure) {
        failures.add(failure);
      }
    }
    if (!failures.isEmpty()) {
      throw failures.getFirst();
    }
    throw new PreconditionException(
        "the archive had '%s' a moment ago and no longer has it: find out what removes files from it"
            .formatted(name));
  }
}
