package com.dalibo.pgbackrest.operator.drill;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRun;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Phase;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Result;
import com.google.gson.JsonParser;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What becomes of runs after `kubectl delete restoredrill --cascade=orphan`.
class OrphanedRunsTest {

  @AutoClose private final DrillStage stage = new DrillStage();

  private void orphan(String drill) {
    stage.api.delete("restoredrills", "default", drill);
    for (var run : List.copyOf(stage.runs())) {
      if (run.spec().drillRef().equals(drill)) {
        stage.api.apply(
            JsonParser.parseString(
                    """
                    {"apiVersion": "pgbackrest.dalibo.com/v1", "kind": "RestoreDrillRun", "metadata": {"name": "%s", "ownerReferences": null}}
                    """
                        .formatted(run.name()))
                .getAsJsonObject());
      }
    }
  }

  @Test
  void aRunThatTakesPlaceEndsAndItsClusterIsRemoved() {
    stage.drill(DrillStage.CHECKED);
    stage.follow();
    stage.follow();
    assertThat(stage.run().status().phase()).isEqualTo(Phase.RESTORING);
    orphan("nightly");
    stage.whole();

    assertThat(stage.run().status().phase()).isEqualTo(Phase.ENDED);
    assertThat(stage.run().status().result()).isEqualTo(Result.SUCCEEDED);
    assertThat(stage.clusters()).isEmpty();
    assertThat(stage.api.list("jobs")).isEmpty();
  }

  @Test
  void aRunThatDoesNotSucceedEndsWithItsTimeout() {
    stage.drill(DrillStage.CHECKED + ", timeout: 1h");
    stage.follow();
    stage.follow();
    stage.start(DrillStage.NAME);
    orphan("nightly");
    stage.clock.advance(Duration.ofMinutes(61));
    for (int i = 0; i < 3; i++) {
      stage.follow();
    }

    assertThat(stage.run().status().phase()).isEqualTo(Phase.ENDED);
    assertThat(stage.run().status().reason()).isEqualTo("DrillTimedOut");
    assertThat(stage.clusters()).isEmpty();
  }

  @Test
  void aRunThatHasNotBegunDoesNotBegin() {
    stage.drill(DrillStage.CHECKED);
    stage.follow();
    assertThat(stage.clusters()).isEmpty();
    orphan("nightly");
    stage.whole();

    assertThat(stage.run().status().phase()).isEqualTo(Phase.ENDED);
    assertThat(stage.run().status().result()).isEqualTo(Result.MISSED);
    assertThat(stage.run().status().message())
        .isEqualTo(
            "the RestoreDrill 'nightly' was removed before the run had begun; create it again for other runs");
    assertThat(stage.api.requests()).noneMatch(request -> request.endsWith("/clusters"));
  }

  @Test
  void theEvidenceStaysForThirtyDaysWithoutARequest() {
    stage.drill(DrillStage.CHECKED);
    stage.whole();
    orphan("nightly");
    stage.clock.advance(Duration.ofDays(29));
    stage.api.forgetRequests();
    stage.follow();
    assertThat(stage.runs()).hasSize(1);
    assertThat(stage.api.requests()).isEmpty();

    stage.clock.advance(Duration.ofDays(2));
    stage.follow();
    assertThat(stage.runs()).isEmpty();
  }

  @Test
  void theyKeepNoOtherDrillFromTakingPlace() {
    for (int i = 0; i < 5; i++) {
      stage.drill("d" + i, "timeout: 1h");
    }
    stage.follow();
    stage.follow();
    assertThat(stage.clusters()).hasSize(5);
    for (int i = 0; i < 5; i++) {
      orphan("d" + i);
    }
    stage.drill(DrillStage.CHECKED);
    stage.clock.advance(Duration.ofMinutes(61));
    stage.whole();
    stage.whole();

    assertThat(stage.conditions()).contains("Proven=True DrillSucceeded");
    assertThat(stage.runs()).allMatch(run -> run.phase() == Phase.ENDED);
    assertThat(stage.clusters()).isEmpty();
  }

  @Test
  void aRunWithAnOwnerIsLeftToKubernetes() {
    stage.drill(DrillStage.CHECKED);
    stage.follow();
    stage.follow();
    stage.api.delete("restoredrills", "default", "nightly");
    var before = stage.run();
    stage.clock.advance(Duration.ofDays(60));
    stage.follow();

    assertThat(stage.run()).isEqualTo(before);
    assertThat(stage.clusters()).hasSize(1);
  }

  @Test
  void aDrillThatIsMadeAnewHasTheRunsOfItsName() {
    stage.drill(DrillStage.CHECKED);
    stage.whole();
    orphan("nightly");
    stage.clock.advance(Duration.ofDays(1));
    stage.drill(DrillStage.CHECKED);
    stage.whole();

    assertThat(stage.runs())
        .extracting(RestoreDrillRun::name)
        .containsExactly("nightly-20261129-025930", "nightly-20261130-030100");
    stage.clock.advance(Duration.ofDays(60));
    stage.follow();
    assertThat(stage.runs()).hasSize(2);
  }
}
