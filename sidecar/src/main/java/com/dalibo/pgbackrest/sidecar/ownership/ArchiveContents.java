package com.dalibo.pgbackrest.sidecar.ownership;

import com.dalibo.pgbackrest.info.ArchiveInfo;
import com.dalibo.pgbackrest.info.BackupInfo;
import com.dalibo.pgbackrest.info.StanzaInfo;
import com.dalibo.pgbackrest.sidecar.failure.RepositoriesException;
import com.dalibo.pgbackrest.sidecar.remedy.StoreRemedy;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.stanza.api.Repository;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/// What one repository holds for a stanza already.
///
/// @param repository its label
/// @param clusterUid of the cluster that made the newest backup, where that backup says so
/// @param sameSystem whether it is for the system identifier of the PostgreSQL here
public record ArchiveContents(
    String repository,
    int backups,
    Optional<String> lastWal,
    Optional<String> clusterUid,
    boolean sameSystem) {

  /// The annotation by which a backup names the cluster it is of.
  public static final String CLUSTER_UID = "cnpg-cluster-uid";

  /// @throws RepositoriesException when the repository cannot say what it holds
  static ArchiveContents of(
      StanzaSession session, Repository repository, Optional<StanzaInfo> answer)
      throws RepositoriesException {
    var stanza = session.stanza().name();
    var info =
        answer.orElseThrow(
            () -> unknown(stanza, repository, "pgbackrest info did not report it", true));
    var state = info.repository(repository.index());
    if (state.isPresent() && !state.get().readable()) {
      throw unknown(
          stanza, repository, StoreRemedy.of(state.get().message()), state.get().isTransient());
    }
    var newest =
        info.backups(repository.index()).max(Comparator.comparing(BackupInfo::timestampStop));
    return new ArchiveContents(
        repository.label(),
        (int) info.backups(repository.index()).count(),
        info.archives().stream()
            .filter(archive -> archive.repositoryKey() == repository.index())
            .map(ArchiveInfo::max)
            .filter(Objects::nonNull)
            .max(Comparator.naturalOrder()),
        newest.map(backup -> backup.annotations().get(CLUSTER_UID)),
        info.currentDatabase(repository.index())
            .filter(database -> isThat(session.systemIdentifier(), database.systemId()))
            .isPresent());
  }

  private static boolean isThat(OptionalLong systemIdentifier, long other) {
    return systemIdentifier.isPresent() && systemIdentifier.getAsLong() == other;
  }

  private static RepositoriesException unknown(
      String stanza, Repository repository, String words, boolean mayPass) {
    return new RepositoriesException(
        ("whether repository %s of stanza '%s' has the archive of another cluster is unknown, so "
                + "nothing is written to it yet: %s")
            .formatted(repository.label(), stanza, words),
        mayPass,
        null);
  }

  boolean isEmpty() {
    return backups == 0 && lastWal.isEmpty();
  }

  /// `2 backups and WAL up to 000000010000000000000009 in repository 1`
  @Override
  public String toString() {
    return "%d backups and %s in repository %s"
        .formatted(backups, lastWal.map(wal -> "WAL up to " + wal).orElse("no WAL"), repository);
  }
}
