package com.dalibo.pgbackrest.program;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What all repositories together hold for one stanza.
public record StanzaInfo(
    String name,
    StatusCode code,
    String message,
    boolean backupRunning,
    List<RepositoryInfo> repositories,
    List<DatabaseInfo> databases,
    List<ArchiveInfo> archives,
    List<BackupInfo> backups) {
  public StanzaInfo {
    repositories = List.copyOf(repositories);
    databases = List.copyOf(databases);
    archives = List.copyOf(archives);
    backups = List.copyOf(backups);
  }

  public Optional<RepositoryInfo> repository(int key) {
    return repositories.stream().filter(repository -> repository.key() == key).findFirst();
  }

  /// The backups of one repository, oldest first.
  public Stream<BackupInfo> backups(int repository) {
    return backups.stream().filter(backup -> backup.repositoryKey() == repository);
  }

  public Optional<BackupInfo> backup(int repository, String label) {
    return backups(repository).filter(backup -> backup.label().equals(label)).findFirst();
  }

  /// The cluster that a repository belongs to now: the one with the highest number.
  public Optional<DatabaseInfo> currentDatabase(int repository) {
    return databases.stream()
        .filter(database -> database.repositoryKey() == repository)
        .max(Comparator.comparingInt(DatabaseInfo::id));
  }

  /// The WAL that a repository holds for one cluster.
  public Optional<ArchiveInfo> archive(int repository, int databaseId) {
    return archives.stream()
        .filter(
            archive -> archive.repositoryKey() == repository && archive.databaseId() == databaseId)
        .findFirst();
  }
}
