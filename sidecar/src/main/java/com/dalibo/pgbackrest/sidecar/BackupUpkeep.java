package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.cnpgi.Cluster;
import com.dalibo.pgbackrest.program.BackupInfo;
import com.dalibo.pgbackrest.program.PgBackRestException;
import com.dalibo.pgbackrest.program.StanzaInfo;
import com.dalibo.pgbackrest.stanza.DeletionPolicy;
import com.dalibo.pgbackrest.stanza.Repository;
import com.dalibo.pgbackrest.stanza.Stanza;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Backup objects follow their repositories, repositories follow deleted Backup objects where the
/// Stanza says so, and retention what it owes. Used by one thread, and while no backup runs:
/// nothing can be removed then.
final class BackupUpkeep {
  private final BackupObjects objects;
  private final DeletedBackups deleted;
  private final Expirations expirations;
  private Set<String> backups = Set.of();

  BackupUpkeep(BackupObjects objects, DeletedBackups deleted, Expirations expirations) {
    this.objects = objects;
    this.deleted = deleted;
    this.expirations = expirations;
  }

  boolean isAnyOwed() {
    return expirations.isAnyOwed();
  }

  /// Removes what retention owes.
  void expire(StanzaSession session, StanzaInfo info) throws InterruptedException {
    expirations.makeUp(session, info);
  }

  /// Removes the backups of deleted Backup objects.
  void followObjects(Cluster cluster, StanzaSession session)
      throws KubernetesException, InterruptedException {
    deleted.follow(cluster, session);
  }

  static boolean followsObjects(Stanza stanza) {
    return stanza.spec().deletionPolicy() == DeletionPolicy.EXPIRE_BACKUP;
  }

  /// Removes the Backup objects of backups that are gone: only after one that was there is gone,
  /// and once after the start.
  void followRepositories(Cluster cluster, StanzaSession session, StanzaInfo info)
      throws KubernetesException, PgBackRestException, InterruptedException {
    var now = labels(session.repositories(), info);
    if (backups.isEmpty() || !now.containsAll(backups)) {
      objects.follow(cluster, session);
    }
    backups = now;
  }

  private static Set<String> labels(List<Repository> repositories, StanzaInfo info) {
    return repositories.stream()
        .flatMap(
            repository ->
                info.backups(repository.index())
                    .map(BackupInfo::label)
                    .map(label -> repository.index() + "/" + label))
        .collect(Collectors.toCollection(HashSet::new));
  }
}
