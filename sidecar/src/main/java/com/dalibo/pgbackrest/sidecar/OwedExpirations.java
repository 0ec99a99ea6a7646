package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.program.DryRun;
import com.dalibo.pgbackrest.program.PgBackRestException;
import com.dalibo.pgbackrest.program.RepositoryInfo;
import com.dalibo.pgbackrest.program.StanzaInfo;
import com.dalibo.pgbackrest.stanza.Repository;
import com.dalibo.pgbackrest.stanza.RepositoryIdentity;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Repositories that had trouble when what retention no longer wants was to be removed after a
/// backup. It is removed when they are well, and not only after the next backup.
final class OwedExpirations {
  private static final Log log = Log.named("retention");

  private final Set<RepositoryIdentity> owed = ConcurrentHashMap.newKeySet();

  void owe(StanzaSession session, Repository repository) {
    owed.add(RepositoryIdentity.of(session.stanza(), repository));
  }

  boolean isAny() {
    return !owed.isEmpty();
  }

  /// Removes it where that can be done now, while no backup runs.
  void pay(StanzaSession session, StanzaInfo info) throws InterruptedException {
    for (var repository : session.repositories()) {
      if (owed.contains(RepositoryIdentity.of(session.stanza(), repository))
          && info.repository(repository.index()).filter(RepositoryInfo::readable).isPresent()) {
        pay(session, repository);
      }
    }
  }

  private void pay(StanzaSession session, Repository repository) throws InterruptedException {
    try {
      var removed = session.pgBackRest().expire(repository.index(), DryRun.NO);
      owed.remove(RepositoryIdentity.of(session.stanza(), repository));
      log.info(
          "removed what had not been removed after a backup",
          "stanza",
          session.stanza().name(),
          "repository",
          repository.label(),
          "backups",
          removed.backups());
    } catch (PgBackRestException failure) {
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
