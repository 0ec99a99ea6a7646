package com.dalibo.pgbackrest.sidecar.metrics;

import com.dalibo.pgbackrest.sidecar.status.Survey;
import com.dalibo.pgbackrest.sidecar.verify.VerifySchedule;
import com.dalibo.pgbackrest.stanza.api.status.BackupSummary;
import com.dalibo.pgbackrest.stanza.api.status.BackupsCount;
import com.dalibo.pgbackrest.stanza.api.status.ExpirationStatus;
import com.dalibo.pgbackrest.stanza.api.status.RepositoryStatus;
import com.dalibo.pgbackrest.stanza.api.status.RunningBackupStatus;
import com.dalibo.pgbackrest.stanza.api.status.StanzaCondition;
import com.dalibo.pgbackrest.stanza.api.status.VerifyStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The metrics of the plugin: the names of its predecessor and more, one row each.
// The lists are List.of and the functions have no state.
@SuppressWarnings("ImmutableEnumChecker")
enum PluginMetric implements PrometheusMetric {
  FIRST_RECOVERABILITY_POINT(
      "first_recoverability_point",
      "Time at which the oldest backup completed, in seconds since 1970; 0 if there is none.",
      Type.GAUGE,
      List.of(),
      ofAll(
          all ->
              all.stream()
                  .mapToDouble(r -> stop(r.firstBackup()))
                  .filter(at -> at > 0)
                  .min()
                  .orElse(0))),
  LAST_AVAILABLE_BACKUP(
      "last_available_backup_timestamp",
      "Time at which the newest backup completed, in seconds since 1970; 0 if there is none.",
      Type.GAUGE,
      List.of(),
      ofAll(all -> all.stream().mapToDouble(r -> stop(r.lastBackup())).max().orElse(0))),
  LAST_FAILED_BACKUP(
      "last_failed_backup_timestamp",
      "Time of the last failed backup since the sidecar started, in seconds since 1970; 0 if none.",
      Type.GAUGE,
      List.of(),
      state -> List.of(new Sample(at(state.lastFailedBackup())))),
  FULL_COUNT(
      "full_count",
      "Number of full backups in all repositories.",
      Type.GAUGE,
      List.of(),
      ofAll(all -> sum(all, BackupsCount::Full))),
  DIFF_COUNT(
      "diff_count",
      "Number of differential backups in all repositories.",
      Type.GAUGE,
      List.of(),
      ofAll(all -> sum(all, BackupsCount::Diff))),
  INCR_COUNT(
      "incr_count",
      "Number of incremental backups in all repositories.",
      Type.GAUGE,
      List.of(),
      ofAll(all -> sum(all, BackupsCount::Incr))),
  REPOSITORY_STATUS(
      "repository_status",
      "Status of a repository according to pgbackrest info: 0 ok, 1 no stanza, 2 no backup, 99 error.",
      Type.GAUGE,
      Labels.REPOSITORY,
      ofEach(r -> sample(r, Objects.requireNonNullElse(r.code(), 1)))),
  REPOSITORY_BACKUPS(
      "repository_backups",
      "Number of backups in a repository.",
      Type.GAUGE,
      List.of("repository", "name", "type"),
      ofEach(
          r ->
              Stream.of(
                  new Sample(count(r, BackupsCount::Full), key(r), name(r), "full"),
                  new Sample(count(r, BackupsCount::Diff), key(r), name(r), "diff"),
                  new Sample(count(r, BackupsCount::Incr), key(r), name(r), "incr")))),
  REPOSITORY_LAST_BACKUP(
      "repository_last_backup_timestamp",
      "Time at which the newest backup of a repository completed, in seconds since 1970; 0 if there is none.",
      Type.GAUGE,
      Labels.REPOSITORY,
      ofEach(r -> sample(r, stop(r.lastBackup())))),
  REPOSITORY_EARLIEST_RESTORABLE(
      "repository_earliest_restorable_timestamp",
      "Every time from here to the latest restorable one can be restored from a repository, in seconds since 1970; 0 if none can.",
      Type.GAUGE,
      Labels.REPOSITORY,
      ofEach(r -> sample(r, time(r.earliestRestorableTime())))),
  REPOSITORY_LATEST_RESTORABLE(
      "repository_latest_restorable_timestamp",
      "Latest time to which a repository can restore, in seconds since 1970; 0 if it cannot restore.",
      Type.GAUGE,
      Labels.REPOSITORY,
      ofEach(r -> sample(r, time(r.latestRestorableTime())))),
  REPOSITORY_WAL_GAPS(
      "repository_wal_gaps",
      "Number of gaps in the WAL of a repository since its oldest backup.",
      Type.GAUGE,
      Labels.REPOSITORY,
      ofEach(r -> sample(r, Objects.requireNonNullElse(r.walGaps(), List.of()).size()))),
  REPOSITORY_SIZE(
      "repository_size_bytes",
      "Total size of the backups in a repository, in bytes.",
      Type.GAUGE,
      Labels.REPOSITORY,
      ofEach(r -> sample(r, Objects.requireNonNullElse(r.size(), 0L)))),
  RUNNING_BACKUP_SIZE(
      "repository_running_backup_size_bytes",
      "Size of what the running backup has to copy, in bytes; absent while none is running.",
      Type.GAUGE,
      Labels.REPOSITORY,
      ofEach(r -> running(r, RunningBackupStatus::size))),
  RUNNING_BACKUP_COMPLETED(
      "repository_running_backup_completed_bytes",
      "Size of what the running backup has copied, in bytes; absent while none is running.",
      Type.GAUGE,
      Labels.REPOSITORY,
      ofEach(r -> running(r, RunningBackupStatus::completed))),
  EXPIRING_BACKUPS(
      "repository_expiring_backups",
      "Number of backups that the next backup expires because retentionPolicy was edited.",
      Type.GAUGE,
      Labels.REPOSITORY,
      ofEach(
          r ->
              sample(
                  r,
                  Optional.ofNullable(r.willExpire())
                      .map(ExpirationStatus::backups)
                      .map(List::size)
                      .orElse(0)))),
  LAST_VERIFY(
      "repository_last_verify_timestamp",
      "Time at which the last verification of a repository started, in seconds since 1970; absent if there was none.",
      Type.GAUGE,
      Labels.REPOSITORY,
      ofEach(
          r ->
              verified(r)
                  .flatMap(v -> sample(r, at(Optional.ofNullable(v.time()).map(Instant::parse)))))),
  LAST_VERIFY_ERROR(
      "repository_last_verify_error",
      "1 if the last verification of a repository found damage, otherwise 0; absent if there was none.",
      Type.GAUGE,
      Labels.REPOSITORY,
      ofEach(
          r ->
              verified(r)
                  .flatMap(v -> sample(r, VerifySchedule.ERROR.equals(v.status()) ? 1 : 0)))),
  STANZA_CONDITION(
      "stanza_condition",
      "A condition of the Stanza: 1 true, 0 false, -1 unknown.",
      Type.GAUGE,
      List.of("condition"),
      state ->
          state.observation().stream()
              .flatMap(found -> orEmpty(found.status().conditions()).stream())
              .map(condition -> new Sample(truth(condition), condition.type()))
              .toList()),
  READY_WAL(
      "ready_wal_files",
      "WAL files waiting to be archived.",
      Type.GAUGE,
      List.of(),
      state -> List.of(new Sample(state.waiting().files()))),
  ARCHIVE_LAG(
      "archive_lag_seconds",
      "Age of the oldest WAL file waiting to be archived, in seconds; 0 if none.",
      Type.GAUGE,
      List.of(),
      state ->
          List.of(
              new Sample(
                  state
                      .waiting()
                      .oldest()
                      .map(oldest -> Math.max(0, Duration.between(oldest, state.now()).toSeconds()))
                      .orElse(0L)))),
  ARCHIVED(
      "archived_wal_files_total",
      "WAL files archived in all repositories since the sidecar started.",
      Type.COUNTER,
      List.of(),
      state -> List.of(new Sample(state.archive().archived()))),
  ARCHIVE_FAILURES(
      "archive_failures_total",
      "Failed attempts to archive a WAL file since the sidecar started.",
      Type.COUNTER,
      List.of(),
      state -> List.of(new Sample(state.archive().failed()))),
  DROPPED(
      "dropped_wal_files_total",
      "WAL files that pgBackRest dropped because of pushQueueMax since the sidecar started.",
      Type.COUNTER,
      List.of(),
      state -> List.of(new Sample(state.archive().dropped()))),
  LAST_ARCHIVED(
      "last_archived_timestamp",
      "Time at which a WAL file was last archived, in seconds since 1970; 0 if none.",
      Type.GAUGE,
      List.of(),
      state -> List.of(new Sample(at(state.archive().lastArchived())))),
  LAST_ARCHIVE_FAILURE(
      "last_archive_failure_timestamp",
      "Time of the last failure to archive, in seconds since 1970; 0 if none.",
      Type.GAUGE,
      List.of(),
      state -> List.of(new Sample(at(state.archive().lastFailure()))));

  private static final String PREFIX = "pgbackrest_dalibo_com_";

  private final String suffix;
  private final String help;
  private final Type type;
  private final List<String> labels;
  private final Function<MetricsState, List<Sample>> samples;

  PluginMetric(
      String suffix,
      String help,
      Type type,
      List<String> labels,
      Function<MetricsState, List<Sample>> samples) {
    this.suffix = suffix;
    this.help = help;
    this.type = type;
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
    return type;
  }

  @Override
  public List<String> labels() {
    return labels;
  }

  @Override
  public List<Sample> samples(MetricsState state) {
    return samples.apply(state);
  }

  /// Here, because a constant cannot refer to a later static field.
  private static final class Labels {
    static final List<String> REPOSITORY = List.of("repository", "name");
  }

  /// One value over all repositories; none while they are not known.
  private static Function<MetricsState, List<Sample>> ofAll(
      ToDoubleFunction<List<RepositoryStatus>> value) {
    return state ->
        state.observation().stream()
            .map(found -> new Sample(value.applyAsDouble(repositories(found))))
            .toList();
  }

  private static Function<MetricsState, List<Sample>> ofEach(
      Function<RepositoryStatus, Stream<Sample>> samples) {
    return state ->
        state.observation().stream()
            .flatMap(found -> repositories(found).stream())
            .flatMap(samples)
            .toList();
  }

  private static List<RepositoryStatus> repositories(Survey found) {
    return orEmpty(found.status().repositories());
  }

  private static <T> List<T> orEmpty(@Nullable List<T> list) {
    return Objects.requireNonNullElse(list, List.of());
  }

  private static Stream<Sample> sample(RepositoryStatus repository, double value) {
    return Stream.of(new Sample(value, key(repository), name(repository)));
  }

  private static double sum(List<RepositoryStatus> all, ToIntFunction<BackupsCount> type) {
    return all.stream().mapToDouble(repository -> count(repository, type)).sum();
  }

  private static double count(RepositoryStatus repository, ToIntFunction<BackupsCount> type) {
    var counts = repository.backupsCount();
    return counts == null ? 0 : type.applyAsInt(counts);
  }

  private static Stream<Sample> running(
      RepositoryStatus repository, Function<RunningBackupStatus, @Nullable Long> bytes) {
    return Optional.ofNullable(repository.runningBackup()).map(bytes).stream()
        .flatMap(value -> sample(repository, value));
  }

  private static Stream<VerifyStatus> verified(RepositoryStatus repository) {
    return Stream.ofNullable(repository.lastVerify());
  }

  private static double stop(@Nullable BackupSummary backup) {
    return Optional.ofNullable(backup)
        .map(BackupSummary::timestamp)
        .map(BackupSummary.Timestamps::stop)
        .orElse(0L);
  }

  private static double truth(StanzaCondition condition) {
    return switch (condition.status()) {
      case "True" -> 1;
      case "False" -> 0;
      default -> -1;
    };
  }

  private static double time(@Nullable String instant) {
    return at(Optional.ofNullable(instant).map(Instant::parse));
  }

  private static double at(Optional<Instant> instant) {
    return instant.map(Instant::getEpochSecond).orElse(0L);
  }

  private static String key(RepositoryStatus repository) {
    return String.valueOf(repository.index());
  }

  private static String name(RepositoryStatus repository) {
    return Objects.requireNonNullElse(repository.name(), "");
  }
}
