package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.program.DryRun;
import com.dalibo.pgbackrest.program.PgBackRestException;
import com.dalibo.pgbackrest.program.RepositoryInfo;
import com.dalibo.pgbackrest.program.StanzaInfo;
import com.dalibo.pgbackrest.stanza.Repository;
import com.dalibo.pgbackrest.stanza.RepositoryIdentity;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Removes what retention no longer wants, after each backup that has proved to be good. A
/// repository that has trouble then owes it, and it is removed when that is well, not only after
/// the next backup.
final class Expirations {
  private static final Log log = Log.named("retention");

  private final Set<RepositoryIdentity> owed = ConcurrentHashMap.newKeySet();

  boolean isAnyOwed() {
    return !owed.isEmpty();
  }

  /// Removes it where it is owed and can be removed now, while no backup runs.
  void makeUp(StanzaSession session, StanzaInfo info) throws InterruptedException {
    for (var repository : session.repositories()) {
      if (owed.contains(RepositoryIdentity.of(session.stanza(), repository))
          && info.repository(repository.index()).filter(RepositoryInfo::readable).isPresent()) {
        expire(session, repository);
      }
    }
  }

  /// Removes it now, or later.
  void expire(StanzaSession session, Repository repository) throws InterruptedException {
    var identity = RepositoryIdentity.of(session.stanza(), repository);
    try {
      var removed = session.pgBackRest().expire(repository.index(), DryRun.NO);
      owed.remove(identity);
      if (!removed.isEmpty()) {
        log.info(
            "removed what retention no longer wants",
            "stanza",
            session.stanza().name(),
            "repository",
            repository.label(),
            "backups",
            removed.backups());
      }
    } catch (PgBackRestException failure) {
      owed.add(identity);
      log.warn(
          "what retention no longer wants cannot be removed yet",
          "stanza",
          session.stanza().name(),
          "repository",
          repository.label(),
          "cause",
          failure.getMessage());
    }
  }
}
