package com.dalibo.pgbackrest.sidecar.metrics;

import com.dalibo.pgbackrest.info.BackupInfo;
import com.dalibo.pgbackrest.info.BackupType;
import com.dalibo.pgbackrest.info.StanzaInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/// The metrics of the well-known pgbackrest_exporter (woblerr, 0.23), by its names and labels, so
/// that its dashboards and alerts go on working: what `pgbackrest info` has of the stanza, its
/// repositories, backups and WAL.
// The lists are List.of and the functions have no state.
@SuppressWarnings("ImmutableEnumChecker")
enum PgbackrestExporterMetric implements PrometheusMetric {
  STANZA_STATUS(
      "stanza_status",
      "Status of the stanza: 0 ok, 1 no stanza, 2 no backup, 3 no stanza data, 4 different across "
          + "repositories, 99 error.",
      List.of("stanza"),
      (info, _) -> Stream.of(new Sample(info.code().number(), info.name()))),
  STANZA_LOCK_STATUS(
      "stanza_lock_status",
      "Whether a backup, expire or stanza command is running.",
      List.of("stanza"),
      (info, _) -> Stream.of(new Sample(info.backupLock().held() ? 1 : 0, info.name()))),
  REPO_STATUS(
      "repo_status",
      "Status of a repository: 0 ok, 1 no stanza, 2 no backup, 3 no stanza data, 99 error.",
      List.of("cipher", "repo_key", "stanza"),
      (info, _) ->
          info.repositories().stream()
              .map(
                  repository ->
                      new Sample(
                          repository.code().number(),
                          repository.cipher(),
                          Integer.toString(repository.key()),
                          info.name()))),
  BACKUP_INFO(
      "backup_info",
      "1 for each existing backup.",
      List.of(
          "backup_name",
          "backup_type",
          "database_id",
          "lsn_start",
          "lsn_stop",
          "pg_version",
          "prior",
          "repo_key",
          "stanza",
          "wal_start",
          "wal_stop"),
      (info, _) ->
          info.backups().stream()
              .map(
                  backup ->
                      new Sample(
                          1,
                          backup.label(),
                          backup.type().label(),
                          Integer.toString(backup.databaseId()),
                          Objects.toString(backup.lsnStart(), ""),
                          Objects.toString(backup.lsnStop(), ""),
                          info.database(backup.repositoryKey(), backup.databaseId())
                              .map(database -> database.version())
                              .orElse(""),
                          Objects.toString(backup.prior(), ""),
                          Integer.toString(backup.repositoryKey()),
                          info.name(),
                          Objects.toString(backup.archiveStart(), ""),
                          Objects.toString(backup.archiveStop(), "")))),
  BACKUP_DURATION(
      "backup_duration_seconds",
      "Duration of a backup, in seconds.",
      Labels.BACKUP,
      ofEachBackup(PgbackrestExporterMetric::seconds)),
  BACKUP_ERROR(
      "backup_error_status",
      "1 for a backup with page checksum errors, otherwise 0.",
      Labels.BACKUP,
      ofEachBackup(backup -> backup.error() ? 1 : 0)),
  BACKUP_SIZE(
      "backup_size_bytes",
      "Size of the database in a backup, in bytes.",
      Labels.BACKUP,
      ofEachBackup(BackupInfo::size)),
  BACKUP_DELTA(
      "backup_delta_bytes",
      "Size of what a backup copied from the database, in bytes.",
      Labels.BACKUP,
      ofEachBackup(BackupInfo::delta)),
  BACKUP_REPO_SIZE(
      "backup_repo_size_bytes",
      "Size of what a restore of a backup reads from the repository, in bytes; absent with block incremental backups.",
      Labels.BACKUP,
      ofEachBackup(
          backup -> backup.repositorySize().isPresent(),
          backup -> backup.repositorySize().orElse(0))),
  BACKUP_REPO_DELTA(
      "backup_repo_delta_bytes",
      "Size of a backup in the repository without the backups it builds on, in bytes.",
      Labels.BACKUP,
      ofEachBackup(
          backup -> backup.repositoryDelta().isPresent(),
          backup -> backup.repositoryDelta().orElse(0))),
  BACKUP_REFERENCES(
      "backup_references",
      "Number of other backups that a backup builds on.",
      Labels.BACKUP,
      ofEachBackup(backup -> backup.references().size())),
  BACKUP_ANNOTATIONS(
      "backup_annotations",
      "Number of annotations of a backup.",
      Labels.BACKUP,
      ofEachBackup(backup -> backup.annotations().size())),
  SINCE_LAST(
      "backup_since_last_completion_seconds",
      "Seconds since the last backup of a type completed; a full backup counts as diff and incr too, a"
          + " diff as incr.",
      Labels.LAST,
      ofLast((now, backup) -> (double) Duration.between(backup.timestampStop(), now).toSeconds())),
  LAST_DURATION(
      "backup_last_duration_seconds",
      "Duration of the last backup of a type, in seconds.",
      Labels.LAST,
      ofLast((_, backup) -> seconds(backup))),
  LAST_ERROR(
      "backup_last_error_status",
      "1 if the last backup of a type has page checksum errors, otherwise 0.",
      Labels.LAST,
      ofLast((_, backup) -> backup.error() ? 1.0 : 0.0)),
  LAST_SIZE(
      "backup_last_size_bytes",
      "Size of the database in the last backup of a type, in bytes.",
      Labels.LAST,
      ofLast((_, backup) -> (double) backup.size())),
  LAST_DELTA(
      "backup_last_delta_bytes",
      "Size of what the last backup of a type copied, in bytes.",
      Labels.LAST,
      ofLast((_, backup) -> (double) backup.delta())),
  LAST_REPO_DELTA(
      "backup_last_repo_delta_bytes",
      "Size of the last backup of a type in its repository, in bytes.",
      Labels.LAST,
      ofLast((_, backup) -> (double) backup.repositoryDelta().orElse(0))),
  WAL_ARCHIVE_STATUS(
      "wal_archive_status",
      "1 if a repository has WAL of the cluster, otherwise 0.",
      List.of("database_id", "pg_version", "repo_key", "stanza"),
      (info, _) ->
          info.archives().stream()
              .map(
                  archive ->
                      new Sample(
                          archive.min() != null && archive.max() != null ? 1 : 0,
                          Integer.toString(archive.databaseId()),
                          info.database(archive.repositoryKey(), archive.databaseId())
                              .map(database -> database.version())
                              .orElse(""),
                          Integer.toString(archive.repositoryKey()),
                          info.name())));

  private static final String PREFIX = "pgbackrest_";

  /// Here, because a constant cannot refer to a later static field.
  private static final class Labels {
    static final List<String> BACKUP =
        List.of("backup_name", "backup_type", "database_id", "repo_key", "stanza");
    static final List<String> LAST = List.of("backup_type", "stanza");
  }

  /// Something of the last backup of a type.
  private interface OfLast {
    double value(Instant now, BackupInfo backup);
  }

  private final String suffix;
  private final String help;
  private final List<String> labels;
  private final BiFunction<StanzaInfo, Instant, Stream<Sample>> samples;

  PgbackrestExporterMetric(
      String suffix,
      String help,
      List<String> labels,
      BiFunction<StanzaInfo, Instant, Stream<Sample>> samples) {
    this.suffix = suffix;
    this.help = help;
    this.labels = labels;
    this.samples = samples;
  }

  @Override
  public String fullName() {
    return PREFIX + suffix;
  }

  @Override
  public String help() {
    return help;
  }

  @Override
  public Type type() {
    return Type.GAUGE;
  }

  @Override
  public List<String> labels() {
    return labels;
  }

  @Override
  public List<Sample> samples(MetricsState state) {
    return state.observation().stream()
        .flatMap(observation -> samples.apply(observation.info(), state.now()))
        .toList();
  }

  private static BiFunction<StanzaInfo, Instant, Stream<Sample>> ofEachBackup(
      ToDoubleFunction<BackupInfo> value) {
    return ofEachBackup(_ -> true, value);
  }

  private static BiFunction<StanzaInfo, Instant, Stream<Sample>> ofEachBackup(
      Predicate<BackupInfo> has, ToDoubleFunction<BackupInfo> value) {
    return (info, _) ->
        info.backups().stream()
            .filter(has)
            .map(
                backup ->
                    new Sample(
                        value.applyAsDouble(backup),
                        backup.label(),
                        backup.type().label(),
                        Integer.toString(backup.databaseId()),
                        Integer.toString(backup.repositoryKey()),
                        info.name()));
  }

  private static BiFunction<StanzaInfo, Instant, Stream<Sample>> ofLast(OfLast value) {
    return (info, now) ->
        Stream.of(BackupType.values())
            .flatMap(
                type ->
                    last(info, type)
                        .map(
                            backup ->
                                new Sample(value.value(now, backup), type.label(), info.name()))
                        .stream());
  }

  private static Optional<BackupInfo> last(StanzaInfo info, BackupType type) {
    return info.backups().stream()
        .filter(backup -> countsAs(type).contains(backup.type()))
        .max(Comparator.comparing(BackupInfo::timestampStop));
  }

  private static Set<BackupType> countsAs(BackupType type) {
    return switch (type) {
      case FULL -> EnumSet.of(BackupType.FULL);
      case DIFF -> EnumSet.of(BackupType.FULL, BackupType.DIFF);
      case INCR -> EnumSet.allOf(BackupType.class);
    };
  }

  private static double seconds(BackupInfo backup) {
    return Duration.between(backup.timestampStart(), backup.timestampStop()).toSeconds();
  }
}
