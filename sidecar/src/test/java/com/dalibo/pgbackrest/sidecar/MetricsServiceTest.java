package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.cnpgi.proto.metrics.CollectMetric;
import com.dalibo.pgbackrest.cnpgi.proto.metrics.Metric;
import com.dalibo.pgbackrest.cnpgi.proto.metrics.MetricType;
import com.dalibo.pgbackrest.program.BackupType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MetricsServiceTest {
  private static final Instant FIRST = Instant.ofEpochSecond(1_000);
  private static final Instant LAST = Instant.ofEpochSecond(2_000);
  private static final Instant LATER = Instant.ofEpochSecond(3_000);

  private static final MetricsState STATE =
      new MetricsState(
          Optional.of(
              List.of(
                  new RepositorySummary(
                      1,
                      "minio",
                      0,
                      Map.of(BackupType.FULL, 2, BackupType.INCR, 3),
                      Optional.of(FIRST),
                      Optional.of(LAST)),
                  new RepositorySummary(3, "", 99, Map.of(), Optional.empty(), Optional.empty()))),
          Optional.of(LATER),
          new ArchiveRecord.Counts(
              ArchiveRecord.Outcome.ARCHIVED,
              7,
              2,
              1,
              Optional.of(LAST),
              Optional.of(FIRST),
              Optional.of("no"),
              Optional.empty(),
              Optional.empty()));

  @Test
  void everyMetricHasATypeAndAHelp() {
    assertThat(MetricsService.definitions().getMetricsList())
        .allMatch(metric -> metric.getValueType().getType() != MetricType.Type.TYPE_UNSPECIFIED)
        .noneMatch(metric -> metric.getHelp().isBlank())
        .extracting(Metric::getFqName)
        .doesNotHaveDuplicates()
        .allMatch(name -> name.matches("pgbackrest_dalibo_com_[a-z_]+"));
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
    var values = values(STATE);

    assertThat(values)
        .containsEntry("pgbackrest_dalibo_com_first_recoverability_point[]", 1_000.0)
        .containsEntry("pgbackrest_dalibo_com_last_available_backup_timestamp[]", 2_000.0)
        .containsEntry("pgbackrest_dalibo_com_last_failed_backup_timestamp[]", 3_000.0)
        .containsEntry("pgbackrest_dalibo_com_full_count[]", 2.0)
        .containsEntry("pgbackrest_dalibo_com_diff_count[]", 0.0)
        .containsEntry("pgbackrest_dalibo_com_incr_count[]", 3.0)
        .containsEntry("pgbackrest_dalibo_com_repository_status[3, ]", 99.0)
        .containsEntry("pgbackrest_dalibo_com_repository_backups[1, minio, incr]", 3.0)
        .containsEntry("pgbackrest_dalibo_com_archived_wal_files_total[]", 7.0)
        .containsEntry("pgbackrest_dalibo_com_archive_failures_total[]", 2.0)
        .containsEntry("pgbackrest_dalibo_com_dropped_wal_files_total[]", 1.0)
        .containsEntry("pgbackrest_dalibo_com_last_archived_timestamp[]", 2_000.0);
  }

  @Test
  void whatIsNotKnownYetIsNotToldAsZero() {
    var unknown = new MetricsState(Optional.empty(), Optional.empty(), STATE.archive());

    assertThat(values(unknown))
        .doesNotContainKey("pgbackrest_dalibo_com_full_count[]")
        .containsEntry("pgbackrest_dalibo_com_last_failed_backup_timestamp[]", 0.0);
  }

  private static Map<String, Double> values(MetricsState state) {
    Function<CollectMetric, String> series = s -> s.getFqName() + s.getVariableLabelsList();
    return MetricsService.samples(state).getMetricsList().stream()
        .collect(Collectors.toMap(series, CollectMetric::getValue));
  }
}
