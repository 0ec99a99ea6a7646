package com.dalibo.pgbackrest.sidecar.retention;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.info.BackupInfo;
import com.dalibo.pgbackrest.info.StanzaInfo;
import com.dalibo.pgbackrest.sidecar.kubernetes.KubernetesException;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.stanza.api.DeletionPolicy;
import com.dalibo.pgbackrest.stanza.api.Repository;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Backup objects follow their repositories, repositories follow deleted Backup objects where the
/// Stanza says so, and retention what it owes. Used by one thread, and while no backup runs:
/// nothing can be removed then.
public final class RetentionUpkeep {
  private final BackupClient objects;
  private final DeletedBackups deleted;
  private final Expiry expiry;
  private Set<String> backups = Set.of();

  public RetentionUpkeep(BackupClient objects, DeletedBackups deleted, Expiry expiry) {
    this.objects = objects;
    this.deleted = deleted;
    this.expiry = expiry;
  }

  public boolean isAnyOwed() {
    return expiry.isAnyOwed();
  }

  /// Removes what retention owes.
  public void expire(StanzaSession session, StanzaInfo info) throws InterruptedException {
    expiry.makeUp(session, info);
  }

  /// Removes the backups of deleted Backup objects.
  public void followObjects(Cluster cluster, StanzaSession session)
      throws KubernetesException, InterruptedException {
    deleted.follow(cluster, session);
  }

  public static boolean followsObjects(Stanza stanza) {
    return stanza.spec().deletionPolicy() == DeletionPolicy.EXPIRE_BACKUP;
  }

  /// Removes the Backup objects of backups that are gone: only after one that was there is gone,
  /// and once after the start.
  public void followRepositories(Cluster cluster, StanzaSession session, StanzaInfo info)
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
