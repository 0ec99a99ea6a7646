package com.dalibo.pgbackrest.sidecar.backup;

import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.info.BackupInfo;
import com.dalibo.pgbackrest.info.StanzaInfo;
import com.dalibo.pgbackrest.postgres.WalRange;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.sidecar.wal.RepositoryWal;
import com.dalibo.pgbackrest.stanza.api.Repository;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What a backup has to show before it is called completed: that its pages are whole, and that all
/// WAL from its start to its stop is in the repository. Without that it cannot be restored.
public final class BackupProof {
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Path pgWal;
  private final Duration walLimit;

  public BackupProof(Path pgData, Duration walLimit) {
    this.pgWal = pgData.resolve("pg_wal");
    this.walLimit = walLimit;
  }

  /// @param info what the repository has answered since the backup
  void require(
      RequestedBackup requested,
      StanzaSession session,
      Repository repository,
      StanzaInfo info,
      BackupInfo taken)
      throws PgBackRestException, PreconditionException, InterruptedException {
    requireWholePages(requested, session, repository, taken);
    requireWal(requested, session, repository, info, taken);
  }

  /// pgBackRest completes a backup of damaged pages, marks it, and a recovery passes it over.
  private static void requireWholePages(
      RequestedBackup requested, StanzaSession session, Repository repository, BackupInfo taken)
      throws PreconditionException {
    if (taken.error()) {
      throw new PreconditionException(
          ("backup '%s' (%s) contains pages with invalid checksums: data of cluster '%s' is damaged,"
                  + " and the log of the container pgbackrest-plugin names the files. Restore from an"
                  + " earlier backup, or repair the damage and take a new one. This backup stays "
                  + "in repository %s of stanza '%s' until the next full backup and is restored "
                  + "only if backupID names it; no older backup was expired because of it")
              .formatted(
                  requested.backup().name(),
                  taken.label(),
                  requested.cluster().name(),
                  repository.label(),
                  session.stanza().name()));
    }
  }

  private void requireWal(
      RequestedBackup requested,
      StanzaSession session,
      Repository repository,
      StanzaInfo info,
      BackupInfo taken)
      throws PgBackRestException, PreconditionException, InterruptedException {
    var segments = segments(taken, requested.walSegmentSize());
    var missing = missingWal(requested, session, repository, info, taken, segments);
    if (missing.isPresent()) {
      throw new PreconditionException(
          ("backup '%s' (%s) of cluster '%s' cannot be restored: WAL segment '%s' of %s to %s did"
                  + " not arrive in repository %s of stanza '%s' within %d s; find out why "
                  + "archiving is slow or fails (condition ContinuousArchiving of the Cluster) and take a new"
                  + " backup")
              .formatted(
                  requested.backup().name(),
                  taken.label(),
                  requested.cluster().name(),
                  missing.get(),
                  segments.getFirst(),
                  segments.getLast(),
                  repository.label(),
                  session.stanza().name(),
                  walLimit.toSeconds()));
    }
  }

  private static List<String> segments(BackupInfo taken, int walSegmentSize)
      throws PreconditionException {
    if (taken.archiveStart() == null || taken.archiveStop() == null) {
      throw new PreconditionException(
          "backup '%s' has no range of WAL: it was not taken from a running PostgreSQL; take a new one"
              .formatted(taken.label()));
    }
    return WalRange.between(taken.archiveStart(), taken.archiveStop(), walSegmentSize)
        .segments()
        .toList();
  }

  private Optional<String> missingWal(
      RequestedBackup requested,
      StanzaSession session,
      Repository repository,
      StanzaInfo info,
      BackupInfo taken,
      List<String> segments)
      throws PgBackRestException, PreconditionException, InterruptedException {
    var database = info.database(repository.index(), taken.databaseId());
    if (database.isEmpty()) {
      return Optional.of(segments.getFirst());
    }
    var wal =
        RepositoryWal.of(session.pgBackRest(), repository.index(), database.get().archiveId());
    return new BackupWalWait(wal, heldBack(requested, session, repository), walLimit, PAUSE)
        .firstMissing(segments);
  }

  private BackupWalWait.Source heldBack(
      RequestedBackup requested, StanzaSession session, Repository repository) {
    return switch (requested.source()) {
      case BackupSource.Primary _ ->
          new UnarchivedWal(pgWal, session.pgBackRest(repository.index()));
      // What is here may be half a segment: WAL is archived by the primary alone.
      case BackupSource.Standby _ -> _ -> {};
    };
  }
}
