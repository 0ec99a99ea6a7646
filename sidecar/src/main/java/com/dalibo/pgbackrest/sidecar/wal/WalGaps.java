package com.dalibo.pgbackrest.sidecar.wal;

import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.info.ArchiveInfo;
import com.dalibo.pgbackrest.info.BackupInfo;
import com.dalibo.pgbackrest.info.DatabaseInfo;
import com.dalibo.pgbackrest.info.StanzaInfo;
import com.dalibo.pgbackrest.postgres.ControlFile;
import com.dalibo.pgbackrest.postgres.Timelines;
import com.dalibo.pgbackrest.postgres.WalRange;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Looks for missing WAL in one repository, from the start of its oldest backup to its newest
/// segment, along the timelines that lead there; of a long archive only the newest part. What
/// retention removes is not missed, nor what PostgreSQL still has to archive: while one repository
/// is in trouble, the WAL of a backup is put into another before its turn ([UnarchivedWal]).
public record WalGaps(StanzaSession session, int repository, Path pgData) {
  /// 40 listings of a directory; 160 GiB of WAL.
  private static final int MOST = 10_240;

  public List<WalGap> in(StanzaInfo info)
      throws PgBackRestException, PreconditionException, IOException, InterruptedException {
    var database = info.currentDatabase(repository);
    var start = database.flatMap(current -> start(info, current));
    var archived = database.flatMap(current -> info.archive(repository, current.id()));
    var end = archived.map(ArchiveInfo::max);
    if (start.isEmpty() || end.isEmpty()) {
      return List.of();
    }
    var pgBackRest = session.pgBackRest();
    var archive = database.get().archiveId();
    var timelines =
        start.get().substring(0, 8).equals(end.get().substring(0, 8))
            ? Timelines.NONE
            : new Archives(session, archived.stream().toList()).timelines();
    // Before the archive is listed: what is archived meanwhile is there.
    var waiting = hasPostgres() ? ReadyWal.names(pgData) : Set.<String>of();
    var segmentSize = segmentSize(info, database.get());
    if (segmentSize.isEmpty()) {
      return List.of();
    }
    var expected = newest(timelines.segments(start.get(), end.get(), segmentSize.getAsInt()));
    var kept = RetainedWal.of(session.configuration(), repository, info);
    var missing =
        RepositoryWal.of(pgBackRest, repository, archive)
            .missing(expected.stream().filter(kept::includes).toList());
    return WalGap.of(
        expected, missing.stream().filter(segment -> !waiting.contains(segment)).toList());
  }

  /// Not beside an inspection.
  private boolean hasPostgres() {
    return session.systemIdentifier().isPresent();
  }

  /// That of the PostgreSQL here; where there is none, that of the backups.
  private OptionalInt segmentSize(StanzaInfo info, DatabaseInfo current) throws IOException {
    if (hasPostgres()) {
      return OptionalInt.of(ControlFile.read(pgData).walSegmentSize());
    }
    return info.backups(repository)
        .filter(backup -> backup.databaseId() == current.id())
        .map(BackupInfo::segmentSize)
        .filter(OptionalInt::isPresent)
        .findFirst()
        .orElse(OptionalInt.empty());
  }

  private Optional<String> start(StanzaInfo info, DatabaseInfo current) {
    return info.backups(repository)
        .filter(backup -> !backup.error() && backup.databaseId() == current.id())
        .min(Comparator.comparing(BackupInfo::timestampStop))
        .map(BackupInfo::archiveStart);
  }

  private static List<String> newest(List<WalRange> ranges) {
    var size = ranges.stream().mapToLong(WalRange::size).sum();
    return ranges.stream().flatMap(WalRange::segments).skip(Math.max(0, size - MOST)).toList();
  }
}
