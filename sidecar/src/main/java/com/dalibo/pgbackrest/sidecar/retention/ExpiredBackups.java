package com.dalibo.pgbackrest.sidecar.retention;

import com.dalibo.pgbackrest.cnpgi.Plugin;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.info.RepositoryInfo;
import com.dalibo.pgbackrest.info.StanzaInfo;
import com.dalibo.pgbackrest.info.StatusCode;
import com.dalibo.pgbackrest.stanza.api.Repository;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import java.util.List;
import java.util.Optional;

/// Which Backup objects stand for a backup that is gone. Only one that is ours by cluster and
/// stanza, in a repository that is still the same place, and that answered and does not have it:
/// whatever is in doubt stays.
record ExpiredBackups(
    Cluster cluster, Stanza stanza, List<Repository> repositories, StanzaInfo info) {
  private static final String COMPLETED = "completed";

  /// @param objects listed before `info` was asked for: a backup that completes meanwhile is in the
  ///   repository, but not among them
  List<BackupObject> among(List<BackupObject> objects) {
    return objects.stream().filter(this::isExpired).toList();
  }

  private boolean isExpired(BackupObject object) {
    return !object.beingDeleted()
        && isOurs(object, cluster, stanza)
        && repository(object, repositories)
            .filter(this::answered)
            .filter(there -> !has(there, object))
            .isPresent();
  }

  /// Whether the object is of this cluster and this stanza.
  static boolean isOurs(BackupObject object, Cluster cluster, Stanza stanza) {
    return object.phase().equals(COMPLETED)
        && !object.label().isEmpty()
        && object.cluster().equals(cluster.name())
        && object.remembered(BackupMetadata.PLUGIN).equals(Plugin.NAME)
        && object.remembered(BackupMetadata.CLUSTER_UID).equals(cluster.uid())
        && object.remembered(BackupMetadata.STANZA).equals(stanza.name())
        && object.remembered(BackupMetadata.STANZA_NAME).equals(stanza.stanzaName());
  }

  /// The repository of the backup, where it is still at the same place.
  static Optional<Repository> repository(BackupObject object, List<Repository> repositories) {
    return repositories.stream()
        .filter(
            repository ->
                Integer.toString(repository.index())
                    .equals(object.remembered(BackupMetadata.REPOSITORY)))
        .filter(
            repository ->
                repository.storage().location().equals(object.remembered(BackupMetadata.LOCATION)))
        .findFirst();
  }

  /// One without the stanza, or without any backup, may be another, or emptied by mistake and about
  /// to come back: retention always leaves a backup.
  private boolean answered(Repository repository) {
    return info.repository(repository.index())
        .map(RepositoryInfo::code)
        .filter(StatusCode.OK::equals)
        .isPresent();
  }

  private boolean has(Repository repository, BackupObject object) {
    return info.backup(repository.index(), object.label()).isPresent();
  }
}
