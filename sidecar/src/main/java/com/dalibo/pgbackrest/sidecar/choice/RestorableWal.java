package com.dalibo.pgbackrest.sidecar.choice;

import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.info.ArchiveInfo;
import com.dalibo.pgbackrest.info.BackupInfo;
import com.dalibo.pgbackrest.info.RepositoryInfo;
import com.dalibo.pgbackrest.info.StanzaInfo;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.failure.RepositoriesException;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.sidecar.wal.RepositoryWal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Whether the WAL without which a backup cannot be made consistent is in the repositories, taken
/// together: recovery fetches each segment from whichever has it.
///
/// @param silent the repositories that do not answer
record RestorableWal(StanzaSession session, StanzaInfo info, List<RepositoryInfo> silent) {

  /// Why the backup cannot be used.
  ///
  /// @throws RepositoriesException when a repository that might have what is missing cannot be
  ///   asked
  Optional<String> lacking(BackupInfo backup) throws RepositoriesException, InterruptedException {
    var missing = backup.wal();
    var reasons = new ArrayList<String>();
    var unknown = new ArrayList<PgBackRestException>();
    for (var archive : info.archives(backup)) {
      if (missing.isEmpty()) {
        break;
      }
      try {
        missing =
            RepositoryWal.of(session.pgBackRest(), archive.repositoryKey(), archive.id())
                .missing(missing);
      } catch (PreconditionException duplicate) {
        reasons.add(duplicate.getMessage());
      } catch (PgBackRestException trouble) {
        unknown.add(trouble);
      }
    }
    if (missing.isEmpty()) {
      return Optional.empty();
    }
    var first = missing.getFirst();
    if (!unknown.isEmpty() || !silent.isEmpty()) {
      throw cannotTell(backup, first, unknown);
    }
    return Optional.of(
        reasons.isEmpty()
            ? "backup '%s' cannot be used: %d WAL segments that it needs, '%s' first, are missing in all repositories of stanza '%s'"
                .formatted(backup.label(), missing.size(), first, session.stanza().name())
            : "backup '%s' cannot be used: %s".formatted(backup.label(), reasons.getFirst()));
  }

  /// Whether all archives end before the backup does, as when its cluster went away meanwhile: what
  /// it lacks is nowhere, and no WAL is after it.
  boolean isPastTheEnd(BackupInfo backup) {
    var stop = backup.archiveStop();
    return stop != null
        && info.archives(backup).stream()
            .map(ArchiveInfo::max)
            .allMatch(newest -> newest == null || newest.compareTo(stop) < 0);
  }

  private RepositoriesException cannotTell(
      BackupInfo backup, String segment, List<PgBackRestException> unknown) {
    var cause = unknown.isEmpty() ? silent.getFirst().message() : unknown.getFirst().getMessage();
    return new RepositoriesException(
        ("WAL segment '%s' that backup '%s' needs is in no repository of stanza '%s' that "
                + "answers, and not all answer; wait until they do, or remove repositories that are lost from the Stanza: %s")
            .formatted(segment, backup.label(), session.stanza().name(), cause),
        unknown.stream().anyMatch(PgBackRestException::isTransient)
            || silent.stream().anyMatch(RepositoryInfo::isTransient),
        unknown.isEmpty() ? null : unknown.getFirst());
  }
}
