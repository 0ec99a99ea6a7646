package com.dalibo.pgbackrest.sidecar.choice;

import com.dalibo.pgbackrest.info.BackupInfo;
import com.dalibo.pgbackrest.info.RepositoryInfo;
import com.dalibo.pgbackrest.info.StanzaInfo;
import com.dalibo.pgbackrest.postgres.Timelines;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.stanza.api.Repository;
import com.dalibo.pgbackrest.stanza.api.RepositoryIdentity;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.cluster.RequestedRecovery;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReference;
import java.util.List;
import java.util.Optional;

/// The backup a recovery starts from, where it is, and what has to be in place for it.
///
/// @param stanza as it was when the backup was chosen; its keys may change while it is copied
/// @param systemIdentifier of the cluster that was backed up
/// @param lastWal the newest segment that the repositories have on the timeline that is followed;
///   empty where not all of them answer
/// @param tablespaces the names of those in the backup
/// @param history what the recovery will ask about timelines
/// @param info what the repositories have
/// @param timelines those that the repositories have
/// @param silent the repositories that do not answer
public record ChosenBackup(
    StanzaReference reference,
    Stanza stanza,
    Repository repository,
    BackupInfo backup,
    long systemIdentifier,
    Optional<String> lastWal,
    List<String> tablespaces,
    HistoryFiles history,
    StanzaInfo info,
    Timelines timelines,
    List<RepositoryInfo> silent) {

  /// Why this backup, for people.
  public String because(RequestedRecovery requested) {
    return requested.request().backupId().isPresent()
        ? "backupID requests it"
        : "it is the newest of %d backups that lead to the target".formatted(info.backups().size());
  }

  /// Refuses a Stanza whose repository of that number has become another one meanwhile.
  public void requireSamePlace(StanzaSession session) throws PreconditionException {
    var isThere =
        session.repositories().stream()
            .filter(other -> other.index() == repository.index())
            .map(other -> RepositoryIdentity.of(session.stanza(), other))
            .anyMatch(RepositoryIdentity.of(stanza, repository)::equals);
    if (!isThere) {
      throw new PreconditionException(
          ("repository %s of stanza '%s' was moved while backup '%s' was copied from it; leave the"
                  + " Stanza as it is now, and the next restore job chooses a backup in its"
                  + " repositories")
              .formatted(repository.label(), stanza.name(), backup.label()));
    }
  }
}
