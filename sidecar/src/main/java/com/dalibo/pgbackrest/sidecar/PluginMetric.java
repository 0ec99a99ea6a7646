package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.cnpgi.proto.metrics.MetricType;
import com.dalibo.pgbackrest.program.BackupType;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// The metrics of the plugin: the names of its predecessor and more, one row each.
// The lists are List.of and the functions have no state.
@SuppressWarnings("ImmutableEnumChecker")
enum PluginMetric {
  FIRST_RECOVERABILITY_POINT(
      "first_recoverability_point",
      "When the oldest backup ended, in seconds since 1970; 0 without a backup.",
      MetricType.Type.TYPE_GAUGE,
      List.of(),
      ofAll(
          all -> at(all.stream().flatMap(r -> r.first().stream()).min(Comparator.naturalOrder())))),
  LAST_AVAILABLE_BACKUP(
      "last_available_backup_timestamp",
      "When the newest backup ended, in seconds since 1970; 0 without a backup.",
      MetricType.Type.TYPE_GAUGE,
      List.of(),
      ofAll(
          all -> at(all.stream().flatMap(r -> r.last().stream()).max(Comparator.naturalOrder())))),
  LAST_FAILED_BACKUP(
      "last_failed_backup_timestamp",
      "When a backup failed last since the sidecar started, in seconds since 1970; 0 if none did.",
      MetricType.Type.TYPE_GAUGE,
      List.of(),
      state -> List.of(new Sample(at(state.lastFailedBackup())))),
  FULL_COUNT(
      "full_count",
      "Number of full backups in all repositories.",
      MetricType.Type.TYPE_GAUGE,
      List.of(),
      ofAll(all -> count(all, BackupType.FULL))),
  DIFF_COUNT(
      "diff_count",
      "Number of differential backups in all repositories.",
      MetricType.Type.TYPE_GAUGE,
      List.of(),
      ofAll(all -> count(all, BackupType.DIFF))),
  INCR_COUNT(
      "incr_count",
      "Number of incremental backups in all repositories.",
      MetricType.Type.TYPE_GAUGE,
      List.of(),
      ofAll(all -> count(all, BackupType.INCR))),
  REPOSITORY_STATUS(
      "repository_status",
      "What pgbackrest info says of a repository: 0 ok, 1 no stanza, 2 no backup, 99 trouble.",
      MetricType.Type.TYPE_GAUGE,
      List.of("repository", "name"),
      ofEach(
          repository ->
              Stream.of(new Sample(repository.status(), key(repository), repository.name())))),
  REPOSITORY_BACKUPS(
      "repository_backups",
      "Number of backups in a repository.",
      MetricType.Type.TYPE_GAUGE,
      List.of("repository", "name", "type"),
      ofEach(
          repository ->
              Stream.of(BackupType.values())
                  .map(
                      type ->
                          new Sample(
                              repository.backups().getOrDefault(type, 0),
                              key(repository),
                              repository.name(),
                              type.label())))),
  REPOSITORY_LAST_BACKUP(
      "repository_last_backup_timestamp",
      "When the newest backup of a repository ended, in seconds since 1970; 0 without a backup.",
      MetricType.Type.TYPE_GAUGE,
      List.of("repository", "name"),
      ofEach(
          repository ->
              Stream.of(new Sample(at(repository.last()), key(repository), repository.name())))),
  ARCHIVED(
      "archived_wal_files_total",
      "WAL files archived in all repositories since the sidecar started.",
      MetricType.Type.TYPE_COUNTER,
      List.of(),
      state -> List.of(new Sample(state.archive().archived()))),
  ARCHIVE_FAILURES(
      "archive_failures_total",
      "Attempts to archive a WAL file that failed since the sidecar started.",
      MetricType.Type.TYPE_COUNTER,
      List.of(),
      state -> List.of(new Sample(state.archive().failed()))),
  DROPPED(
      "dropped_wal_files_total",
      "WAL files that pgBackRest threw away because of pushQueueMax since the sidecar started.",
      MetricType.Type.TYPE_COUNTER,
      List.of(),
      state -> List.of(new Sample(state.archive().dropped()))),
  LAST_ARCHIVED(
      "last_archived_timestamp",
      "When a WAL file was archived last, in seconds since 1970; 0 if none was.",
      MetricType.Type.TYPE_GAUGE,
      List.of(),
      state -> List.of(new Sample(at(state.archive().lastArchived())))),
  LAST_ARCHIVE_FAILURE(
      "last_archive_failure_timestamp",
      "When archiving failed last, in seconds since 1970; 0 if it did not.",
      MetricType.Type.TYPE_GAUGE,
      List.of(),
      state -> List.of(new Sample(at(state.archive().lastFailure()))));

  private static final String PREFIX = "pgbackrest_dalibo_com_";

  /// A value and its labels, in the order of the metric's.
  record Sample(double value, List<String> labels) {
    Sample(double value, String... labels) {
      this(value, List.of(labels));
    }
  }

  private final String suffix;
  private final String help;
  private final MetricType.Type type;
  private final List<String> labels;
  private final Function<MetricsState, List<Sample>> samples;

  PluginMetric(
      String suffix,
      String help,
      MetricType.Type type,
      List<String> labels,
      Function<MetricsState, List<Sample>> samples) {
    this.suffix = suffix;
    this.help = help;
    this.type = type;
    this.labels = labels;
    this.samples = samples;
  }

  String fullName() {
    return PREFIX + suffix;
  }

  String help() {
    return help;
  }

  MetricType.Type type() {
    return type;
  }

  List<String> labels() {
    return labels;
  }

  List<Sample> samples(MetricsState state) {
    return samples.apply(state);
  }

  /// One value over all repositories; none while they are not known.
  private static Function<MetricsState, List<Sample>> ofAll(
      Function<List<RepositorySummary>, Double> value) {
    return state ->
        state.repositories().map(all -> List.of(new Sample(value.apply(all)))).orElse(List.of());
  }

  private static Function<MetricsState, List<Sample>> ofEach(
      Function<RepositorySummary, Stream<Sample>> samples) {
    return state ->
        state.repositories().map(all -> all.stream().flatMap(samples).toList()).orElse(List.of());
  }

  private static double count(List<RepositorySummary> all, BackupType type) {
    return all.stream().mapToInt(repository -> repository.backups().getOrDefault(type, 0)).sum();
  }

  private static double at(Optional<Instant> instant) {
    return instant.map(Instant::getEpochSecond).orElse(0L);
  }

  private static String key(RepositorySummary repository) {
    return Integer.toString(repository.index());
  }
}
