package com.dalibo.pgbackrest.sidecar.retention;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.command.DryRun;
import com.dalibo.pgbackrest.command.Expiration;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.stanza.api.Repository;
import com.dalibo.pgbackrest.stanza.api.RepositoryIdentity;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.repository.RetentionPolicy;
import com.dalibo.pgbackrest.stanza.api.status.BackupSummary;
import com.dalibo.pgbackrest.stanza.api.status.RepositoryStatus;
import com.dalibo.pgbackrest.stanza.api.status.StanzaStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the next `expire` will remove after the Stanza was edited, found with a dry run of each
/// repository whose retention may have changed. Used by one thread.
public final class RetentionPreview {
  private static final Log log = Log.named("retention");
  private static final Expiration NOTHING = new Expiration(List.of(), List.of());

  /// The last generation of the Stanza that was looked at.
  private @Nullable Long generation;

  private Map<RepositoryIdentity, Optional<RetentionPolicy>> known = Map.of();

  /// What was found and is not in the status yet.
  private final Map<Integer, Expiration> found = new HashMap<>();

  /// Whether the Stanza was edited since the last look, also by another sidecar.
  public boolean isDue(Stanza stanza) {
    if (generation == null) {
      generation =
          Optional.ofNullable(stanza.status())
              .map(StanzaStatus::observedGeneration)
              .orElse(stanza.metadata().generation());
    }
    return !Objects.equals(generation, stanza.metadata().generation());
  }

  /// What would go, by number of repository; a repository that is not in it is as it was.
  ///
  /// @param session as configured after the edit
  public Map<Integer, Expiration> look(StanzaSession session) throws InterruptedException {
    var stanza = session.stanza();
    var isWhole = true;
    if (isDue(stanza)) {
      for (var repository : session.repositories()) {
        if (isChanged(stanza, repository)) {
          var expiration = look(session, repository);
          expiration.ifPresent(there -> found.put(repository.index(), there));
          isWhole &= expiration.isPresent();
        }
      }
    }
    if (isWhole) {
      generation = stanza.metadata().generation();
      known = retentions(session);
    }
    return Map.copyOf(found);
  }

  /// What was found is in the status, and told.
  public void written() {
    found.clear();
  }

  /// After a restart nobody knows what it was.
  private boolean isChanged(Stanza stanza, Repository repository) {
    return !repository.retention().equals(known.get(RepositoryIdentity.of(stanza, repository)));
  }

  /// Empty where it could not be asked, such as while a backup runs.
  private static Optional<Expiration> look(StanzaSession session, Repository repository)
      throws InterruptedException {
    var oldest = oldestWal(session.stanza(), repository);
    if (repository.retention().isEmpty() || oldest.isEmpty()) {
      return Optional.of(NOTHING);
    }
    try {
      return Optional.of(
          session.pgBackRest().expire(repository.index(), DryRun.YES).from(oldest.get()));
    } catch (PgBackRestException failure) {
      log.warning(
          "cannot determine yet what the edited retention policy expires",
          session.names(repository, "cause", failure.getMessage()));
      return Optional.empty();
    }
  }

  /// Where the oldest backup begins; empty where there is none.
  private static Optional<String> oldestWal(Stanza stanza, Repository repository) {
    return stanza.repositoryStatus(repository.index()).stream()
        .filter(status -> repository.storage().location().equals(status.location()))
        .map(RepositoryStatus::firstBackup)
        .flatMap(Stream::ofNullable)
        .map(BackupSummary::archive)
        .flatMap(Stream::ofNullable)
        .map(BackupSummary.Range::start)
        .flatMap(Stream::ofNullable)
        .findFirst();
  }

  private static Map<RepositoryIdentity, Optional<RetentionPolicy>> retentions(
      StanzaSession session) {
    return session.repositories().stream()
        .collect(
            Collectors.toUnmodifiableMap(
                repository -> RepositoryIdentity.of(session.stanza(), repository),
                Repository::retention,
                (one, _) -> one));
  }
}
