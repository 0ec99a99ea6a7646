package com.dalibo.pgbackrest.operator.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class DrillMetricsTest {

  @AutoClose private final DrillStage stage = new DrillStage();

  @Test
  void prometheusIsToldWhatTheObjectsSay() {
    stage.drill(DrillStage.CHECKED);
    stage.whole();

    assertThat(stage.metrics.text())
        .contains(
            "# TYPE pgbackrest_dalibo_com_drill_last_success_timestamp_seconds gauge",
            "pgbackrest_dalibo_com_drill_proven{namespace=\"default\",drill=\"nightly\",stanza=\"main\"} 1",
            "pgbackrest_dalibo_com_drill_missed_total{namespace=\"default\",drill=\"nightly\",stanza=\"main\"} 0",
            "pgbackrest_dalibo_com_drill_runs_total{namespace=\"default\",drill=\"nightly\",stanza=\"main\",result=\"succeeded\"} 1")
        .containsPattern(
            "drill_duration_seconds\\{namespace=\"default\",drill=\"nightly\",stanza=\"main\",phase=\"copy\"} \\d+");

    stage.clock.advance(Duration.ofMinutes(3));
    assertThat(stage.metrics.text()).isEmpty();
  }
}
