package com.dalibo.pgbackrest.info;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/// What all repositories together hold for one stanza.
public record StanzaInfo(
    String name,
    StatusCode code,
    String message,
    BackupLock backupLock,
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

  /// The same without the backups of other repositories; their WAL stays.
  public StanzaInfo withBackupsOf(int repository) {
    return new StanzaInfo(
        name,
        code,
        message,
        backupLock,
        repositories,
        databases,
        archives,
        backups(repository).toList());
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

  /// Whether a backup is of the cluster that its repository belongs to now.
  public boolean isOfCurrentCluster(BackupInfo backup) {
    return currentDatabase(backup.repositoryKey())
        .map(database -> database.id() == backup.databaseId())
        .orElse(true);
  }

  /// Whether a backup is of the cluster that all repositories belong to now.
  public boolean isOfOnlyCluster(BackupInfo backup) {
    var cluster = database(backup.repositoryKey(), backup.databaseId());
    return repositories.stream()
        .flatMap(repository -> currentDatabase(repository.key()).stream())
        .allMatch(current -> cluster.filter(current::isSameAs).isPresent());
  }

  /// The archives, in all repositories, of the cluster that a backup is of. Repositories number
  /// their clusters each in their own way; what is the same is system identifier and version.
  public List<ArchiveInfo> archives(BackupInfo backup) {
    var cluster = database(backup.repositoryKey(), backup.databaseId());
    return archives.stream()
        .filter(
            archive ->
                isOf(archive, backup)
                    || database(archive.repositoryKey(), archive.databaseId())
                        .filter(database -> cluster.filter(database::isSameAs).isPresent())
                        .isPresent())
        .toList();
  }

  /// The archives, in all repositories, of the cluster with this system identifier and major
  /// version.
  public List<ArchiveInfo> archives(long systemIdentifier, int majorVersion) {
    return archives.stream()
        .filter(
            archive ->
                database(archive.repositoryKey(), archive.databaseId())
                    .filter(database -> database.systemId() == systemIdentifier)
                    .filter(database -> database.version().equals(Integer.toString(majorVersion)))
                    .isPresent())
        .toList();
  }

  /// The size of the segments of the cluster that a backup is of, in bytes. One that begins a new
  /// upper half of the positions does not show it (`1/28` is in `000000010000000100000000` whatever
  /// the size), but all backups of a cluster have the same.
  public OptionalInt segmentSize(BackupInfo backup) {
    var cluster = database(backup.repositoryKey(), backup.databaseId());
    return Stream.concat(
            Stream.of(backup),
            backups.stream()
                .filter(
                    other ->
                        database(other.repositoryKey(), other.databaseId())
                            .filter(database -> cluster.filter(database::isSameAs).isPresent())
                            .isPresent()))
        .map(BackupInfo::segmentSize)
        .filter(OptionalInt::isPresent)
        .findFirst()
        .orElse(OptionalInt.empty());
  }

  private static boolean isOf(ArchiveInfo archive, BackupInfo backup) {
    return archive.repositoryKey() == backup.repositoryKey()
        && archive.databaseId() == backup.databaseId();
  }

  /// One of the clusters that a repository has served.
  public Optional<DatabaseInfo> database(int repository, int id) {
    return databases.stream()
        .filter(database -> database.repositoryKey() == repository && database.id() == id)
        .findFirst();
  }

  /// Whether the WAL in the repository of a backup reaches the end of that backup. Without
  /// `archive-check`, pgBackRest lists a backup before its last WAL is archived.
  public boolean reachesEnd(BackupInfo backup) {
    var end = backup.archiveStop();
    return end == null
        || archive(backup.repositoryKey(), backup.databaseId())
            .map(ArchiveInfo::max)
            .filter(newest -> newest.compareTo(end) >= 0)
            .isPresent();
  }

  /// The WAL that a repository holds for one cluster.
  public Optional<ArchiveInfo> archive(int repository, int databaseId) {
    return archives.stream()
        .filter(
            archive -> archive.repositoryKey() == repository && archive.databaseId() == databaseId)
        .findFirst();
  }
}
