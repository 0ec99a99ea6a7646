package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.cnpgi.proto.metrics.CollectMetric;
import com.dalibo.pgbackrest.cnpgi.proto.metrics.Metric;
import com.dalibo.pgbackrest.cnpgi.proto.metrics.MetricType;
import com.dalibo.pgbackrest.info.ArchiveInfo;
import com.dalibo.pgbackrest.info.BackupInfo;
import com.dalibo.pgbackrest.info.BackupLock;
import com.dalibo.pgbackrest.info.BackupType;
import com.dalibo.pgbackrest.info.DatabaseInfo;
import com.dalibo.pgbackrest.info.RepositoryInfo;
import com.dalibo.pgbackrest.info.StanzaInfo;
import com.dalibo.pgbackrest.info.StatusCode;
import com.dalibo.pgbackrest.postgres.Lsn;
import com.dalibo.pgbackrest.sidecar.metrics.MetricsState;
import com.dalibo.pgbackrest.sidecar.metrics.PrometheusMetric;
import com.dalibo.pgbackrest.sidecar.metrics.PrometheusText;
import com.dalibo.pgbackrest.sidecar.status.Survey;
import com.dalibo.pgbackrest.sidecar.wal.ReadyWal;
import com.dalibo.pgbackrest.sidecar.walarchive.ArchivingStatistics;
import com.dalibo.pgbackrest.stanza.api.status.BackupSummary;
import com.dalibo.pgbackrest.stanza.api.status.BackupsCount;
import com.dalibo.pgbackrest.stanza.api.status.ExpirationStatus;
import com.dalibo.pgbackrest.stanza.api.status.RepositoryStatus;
import com.dalibo.pgbackrest.stanza.api.status.RunningBackupStatus;
import com.dalibo.pgbackrest.stanza.api.status.StanzaCondition;
import com.dalibo.pgbackrest.stanza.api.status.StanzaStatus;
import com.dalibo.pgbackrest.stanza.api.status.VerifyStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MetricsServiceTest {
  private static final Instant LAST = Instant.ofEpochSecond(2_000);
  private static final Instant LATER = Instant.ofEpochSecond(3_000);
  private static final Instant NOW = Instant.ofEpochSecond(4_000);

  /// Repository 1 has three backups, repository 3 is away but had two.
  private static final MetricsState STATE = state(Optional.of(observation()));

  @Test
  void everyMetricHasATypeAndAHelp() {
    assertThat(MetricsService.definitions().getMetricsList())
        .allMatch(metric -> metric.getValueType().getType() != MetricType.Type.TYPE_UNSPECIFIED)
        .noneMatch(metric -> metric.getHelp().isBlank())
        .extracting(Metric::getFqName)
        .doesNotHaveDuplicates()
        .allMatch(name -> name.matches("pgbackrest_[a-z_]+"));
  }

  @Test
  void theNamesOfThePredecessorAreGauges() {
    var gauges =
        MetricsService.definitions().getMetricsList().stream()
            .filter(metric -> metric.getValueType().getType() == MetricType.Type.TYPE_GAUGE)
            .map(Metric::getFqName)
            .toList();

    assertThat(gauges)
        .contains(
            "pgbackrest_dalibo_com_first_recoverability_point",
            "pgbackrest_dalibo_com_last_available_backup_timestamp",
            "pgbackrest_dalibo_com_last_failed_backup_timestamp",
            "pgbackrest_dalibo_com_full_count",
            "pgbackrest_dalibo_com_incr_count",
            "pgbackrest_dalibo_com_diff_count");
  }

  @Test
  void everySampleHasAsManyLabelsAsItsMetric() {
    Map<String, Integer> labels =
        MetricsService.definitions().getMetricsList().stream()
            .collect(Collectors.toMap(Metric::getFqName, Metric::getVariableLabelsCount));

    assertThat(MetricsService.samples(STATE).getMetricsList())
        .allMatch(s -> labels.get(s.getFqName()) == s.getVariableLabelsCount());
  }

  @Test
  void noSeriesIsThereTwice() {
    assertThat(MetricsService.samples(STATE).getMetricsList())
        .extracting(s -> s.getFqName() + s.getVariableLabelsList())
        .doesNotHaveDuplicates();
  }

  @Test
  void theValuesAreThoseOfAllRepositories() {
    assertThat(values(STATE))
        .containsEntry("pgbackrest_dalibo_com_first_recoverability_point[]", 1_000.0)
        .containsEntry("pgbackrest_dalibo_com_last_available_backup_timestamp[]", 2_000.0)
        .containsEntry("pgbackrest_dalibo_com_last_failed_backup_timestamp[]", 3_000.0)
        .containsEntry("pgbackrest_dalibo_com_full_count[]", 3.0)
        .containsEntry("pgbackrest_dalibo_com_diff_count[]", 0.0)
        .containsEntry("pgbackrest_dalibo_com_incr_count[]", 1.0)
        .containsEntry("pgbackrest_dalibo_com_repository_status[3, ]", 99.0)
        .containsEntry("pgbackrest_dalibo_com_repository_backups[1, minio, full]", 2.0)
        .containsEntry(
            "pgbackrest_dalibo_com_repository_earliest_restorable_timestamp[1, minio]", 2_000.0)
        .containsEntry(
            "pgbackrest_dalibo_com_repository_latest_restorable_timestamp[1, minio]", 3_000.0)
        .containsEntry("pgbackrest_dalibo_com_repository_wal_gaps[1, minio]", 1.0)
        .containsEntry(
            "pgbackrest_dalibo_com_repository_running_backup_size_bytes[1, minio]", 5_000.0)
        .containsEntry(
            "pgbackrest_dalibo_com_repository_running_backup_completed_bytes[1, minio]", 1_000.0)
        .containsEntry("pgbackrest_dalibo_com_repository_expiring_backups[1, minio]", 1.0)
        .containsEntry("pgbackrest_dalibo_com_repository_last_verify_timestamp[1, minio]", 3_000.0)
        .containsEntry("pgbackrest_dalibo_com_repository_last_verify_error[1, minio]", 1.0)
        .containsEntry("pgbackrest_dalibo_com_stanza_condition[Ready]", 0.0)
        .containsEntry("pgbackrest_dalibo_com_ready_wal_files[]", 2.0)
        .containsEntry("pgbackrest_dalibo_com_archive_lag_seconds[]", 60.0)
        .containsEntry("pgbackrest_dalibo_com_archived_wal_files_total[]", 7.0)
        .containsEntry("pgbackrest_dalibo_com_archive_failures_total[]", 2.0)
        .containsEntry("pgbackrest_dalibo_com_dropped_wal_files_total[]", 1.0)
        .containsEntry("pgbackrest_dalibo_com_last_archived_timestamp[]", 2_000.0);
  }

  @Test
  void theNamesOfTheWellKnownExporterAreThere() {
    assertThat(values(STATE))
        .containsEntry("pgbackrest_stanza_status[main]", 4.0)
        .containsEntry("pgbackrest_repo_status[none, 3, main]", 99.0)
        .containsEntry("pgbackrest_backup_size_bytes[20261125-000000F, full, 1, 1, main]", 5_000.0)
        .containsEntry(
            "pgbackrest_backup_duration_seconds[20261125-000000F, full, 1, 1, main]", 10.0)
        .containsEntry("pgbackrest_backup_since_last_completion_seconds[full, main]", 3_000.0)
        .containsEntry("pgbackrest_backup_since_last_completion_seconds[diff, main]", 3_000.0)
        .containsEntry("pgbackrest_backup_since_last_completion_seconds[incr, main]", 2_000.0)
        .containsEntry("pgbackrest_wal_archive_status[1, 18, 1, main]", 1.0)
        .containsEntry(
            "pgbackrest_backup_info[20261125-000000F, full, 1, 0/2000000, 0/2000100, 18, , 1, main,"
                + " 000000010000000000000002, 000000010000000000000002]",
            1.0);
  }

  @Test
  void theTextIsWhatPrometheusReads() {
    var text = PrometheusText.of(PrometheusMetric.all(), STATE);

    assertThat(text)
        .contains(
            """
            # HELP pgbackrest_dalibo_com_repository_status Status of a repository according to pgbackrest info: 0 ok, 1 no stanza, 2 no backup, 99 error.
            # TYPE pgbackrest_dalibo_com_repository_status gauge
            pgbackrest_dalibo_com_repository_status{repository="1",name="minio"} 0
            pgbackrest_dalibo_com_repository_status{repository="3",name=""} 99
            """);
    assertThat(text.lines())
        .allMatch(
            line ->
                line.matches(
                    "# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\\{([a-z_]+=\"[^\"\\n"
                        + "]*\",?)*})? -?[0-9.E]+"));
  }

  @Test
  void whatIsNotKnownYetIsNotToldAsZero() {
    assertThat(values(state(Optional.empty())))
        .doesNotContainKey("pgbackrest_dalibo_com_full_count[]")
        .doesNotContainKey("pgbackrest_stanza_status[main]")
        .containsEntry("pgbackrest_dalibo_com_archived_wal_files_total[]", 7.0);
  }

  private static MetricsState state(Optional<Survey> observation) {
    return new MetricsState(
        observation,
        Optional.of(LATER),
        new ArchivingStatistics.Counts(
            ArchivingStatistics.Outcome.ARCHIVED,
            7,
            2,
            1,
            Optional.of(LAST),
            Optional.of(LAST),
            Optional.of("no"),
            Optional.empty(),
            Optional.empty()),
        new ReadyWal(2, Optional.of(NOW.minusSeconds(60))),
        NOW);
  }

  private static Survey observation() {
    var info =
        new StanzaInfo(
            "main",
            StatusCode.DIFFERENT,
            "",
            BackupLock.FREE,
            List.of(
                new RepositoryInfo(1, "none", StatusCode.OK, "ok"),
                new RepositoryInfo(3, "none", StatusCode.OTHER, "away")),
            List.of(new DatabaseInfo(1, 1, 7, "18")),
            List.of(
                new ArchiveInfo(
                    "18-1", 1, 1, "000000010000000000000001", "000000010000000000000009")),
            List.of(
                backup("20261125-000000F", BackupType.FULL, 1_000),
                backup("20261125-000000F_20261125-001000I", BackupType.INCR, 2_000)));
    return new Survey(
        List.of(),
        info,
        new StanzaStatus(
            1L,
            null,
            List.of(new StanzaCondition("Ready", "False", 1L, null, "WALGap", "a gap")),
            null,
            List.of(
                repository(
                    1, "minio", 0, new BackupsCount(2, 0, 1), 1_000, 2_000, List.of("a gap")),
                repository(3, null, 99, new BackupsCount(1, 0, 0), 1_500, 1_500, List.of())),
            "1/2",
            null,
            null,
            null,
            null,
            null,
            null,
            null));
  }

  private static BackupInfo backup(String label, BackupType type, long stop) {
    return new BackupInfo(
        label,
        type,
        1,
        1,
        null,
        List.of(),
        "000000010000000000000002",
        "000000010000000000000002",
        Lsn.parse("0/2000000"),
        Lsn.parse("0/2000100"),
        Instant.ofEpochSecond(stop - 10),
        Instant.ofEpochSecond(stop),
        5_000,
        400,
        OptionalLong.of(300),
        OptionalLong.of(200),
        false,
        Map.of());
  }

  private static RepositoryStatus repository(
      int index,
      String name,
      int code,
      BackupsCount count,
      long first,
      long last,
      List<String> gaps) {
    return new RepositoryStatus(
        name,
        index,
        "s3",
        "s3://one",
        code,
        "ok",
        "none",
        true,
        count,
        summary(first),
        summary(last),
        null,
        null,
        200L,
        LAST.toString(),
        LATER.toString(),
        gaps,
        new VerifyStatus(LATER.toString(), "error", "damaged"),
        new RunningBackupStatus(5_000L, 1_000L, 20),
        new ExpirationStatus(List.of("20261124-000000F"), List.of()));
  }

  private static BackupSummary summary(long stop) {
    return new BackupSummary(
        "b", "full", null, null, null, new BackupSummary.Timestamps(stop - 10, stop));
  }

  private static Map<String, Double> values(MetricsState state) {
    Function<CollectMetric, String> series = s -> s.getFqName() + s.getVariableLabelsList();
    return MetricsService.samples(state).getMetricsList().stream()
        .collect(Collectors.toMap(series, CollectMetric::getValue));
  }
}
