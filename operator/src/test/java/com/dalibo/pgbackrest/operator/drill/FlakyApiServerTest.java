package com.dalibo.pgbackrest.operator.drill;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Result;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The API server does not answer for a while what a run has shown.
class FlakyApiServerTest {

  @AutoClose private final DrillStage stage = new DrillStage();

  /// The verdict would be of a run without a backup, or without a commit.
  @ParameterizedTest
  @ValueSource(strings = {"/log", "GET /api/v1/namespaces/default/events", "/pods"})
  void theRunIsJudgedWhenItAnswersAgain(String request) {
    stage.drill(DrillStage.CHECKED + ", objectives: {rpo: 48h}");
    stage.api.fail(request, 503);
    stage.whole();
    assertThat(stage.run().status().result()).isNull();

    stage.api.heal();
    stage.whole();
    assertThat(stage.run().status().result()).isEqualTo(Result.SUCCEEDED);
    assertThat(stage.run().status().message()).contains("backup '20261128-030000F'");
  }

  @Test
  void theRunEndsInTimeNevertheless() {
    stage.drill(DrillStage.CHECKED);
    stage.api.fail("/pods", 503);
    stage.whole();
    assertThat(stage.clusters()).hasSize(1);
    stage.clock.advance(Duration.ofHours(4));

    stage.whole();

    assertThat(stage.run().status().reason()).isEqualTo("DrillTimedOut");
    assertThat(stage.run().status().message())
        .startsWith("after the timeout of 240 minutes the Cluster is not restored yet: ");
    assertThat(stage.run().status().log()).singleElement().asString().contains("could not be read");
    assertThat(stage.clusters()).isEmpty();
  }
}
