package com.dalibo.pgbackrest.sidecar.choice;

import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.info.ArchiveInfo;
import com.dalibo.pgbackrest.info.BackupInfo;
import com.dalibo.pgbackrest.info.StanzaInfo;
import com.dalibo.pgbackrest.postgres.Lsn;
import com.dalibo.pgbackrest.postgres.WalFile;
import com.dalibo.pgbackrest.selection.RestoreTarget;
import com.dalibo.pgbackrest.sidecar.failure.TargetUnreachableException;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.sidecar.wal.RepositoryWal;
import com.dalibo.pgbackrest.stanza.cluster.RequestedRecovery;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Whether the archived WAL goes as far as a target, before anything is copied: no segment holds
/// anything later than when it was written to its repository.
///
/// @param lastWal the newest segment of all repositories
record TargetReach(StanzaSession session, StanzaInfo info, BackupInfo backup, String lastWal) {
  /// The clocks of store and PostgreSQL differ; what is let through here is found out after the
  /// copy.
  private static final Duration EXACTNESS = Duration.ofMinutes(5);

  void require(RequestedRecovery requested)
      throws TargetUnreachableException, PgBackRestException, InterruptedException {
    switch (requested.request().target()) {
      case RestoreTarget.Time(var instant) -> requireTime(instant, requested.target());
      case RestoreTarget.Lsn(var position) -> requirePosition(position, requested.target());
      case RestoreTarget.Latest _,
          RestoreTarget.Immediate _,
          RestoreTarget.Xid _,
          RestoreTarget.Name _ -> {}
    }
  }

  private void requireTime(Instant instant, String target)
      throws TargetUnreachableException, PgBackRestException, InterruptedException {
    var written = lastWrite();
    var known = ArchiveEnd.latestRestorable(session.stanza(), info, backup, lastWal);
    if (written.isEmpty()
        || !instant.isAfter(written.get().plus(EXACTNESS))
        || known.filter(latest -> !instant.isAfter(latest)).isPresent()) {
      return;
    }
    throw ArchiveEnd.unreachable(
        session.stanza(),
        info,
        target,
        "the newest WAL segment '%s' was archived at %s"
            .formatted(lastWal, new RestoreTarget.Time(written.get()).text()),
        known);
  }

  /// When the newest segment was written to the last repository that has it.
  private Optional<Instant> lastWrite() throws PgBackRestException, InterruptedException {
    var last = Optional.<Instant>empty();
    for (var archive : info.archives(backup)) {
      if (archive.max() == null) {
        continue;
      }
      var written = written(archive, archive.max());
      if (written.isEmpty()) {
        return Optional.empty();
      }
      if (last.isEmpty() || written.get().isAfter(last.get())) {
        last = written;
      }
    }
    return last;
  }

  private Optional<Instant> written(ArchiveInfo archive, String segment)
      throws PgBackRestException, InterruptedException {
    return RepositoryWal.of(session.pgBackRest(), archive.repositoryKey(), archive.id())
        .writtenAt(segment);
  }

  private void requirePosition(Lsn position, String target) throws TargetUnreachableException {
    var size = info.segmentSize(backup);
    if (size.isEmpty()) {
      return;
    }
    var end = WalFile.parse(lastWal).end(size.getAsInt());
    if (position.compareTo(end) > 0) {
      throw new TargetUnreachableException(
          ("the recovery cannot reach %s: the WAL in stanza '%s' ends with segment '%s', at LSN %s. Set"
                  + " recoveryTarget.targetLSN to %s or less, or remove it to recover everything that is archived")
              .formatted(target, session.stanza().name(), lastWal, end, end));
    }
  }
}
