package com.dalibo.pgbackrest.operator.drill;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Phase;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What is read from the watches alone, and what they may not have heard yet.
class DrillWatchesTest {

  @AutoClose private final DrillStage stage = new DrillStage();

  @Test
  void whereNothingIsDueNoRequestIsMade() {
    stage.api.forgetRequests();
    stage.follow();
    assertThat(stage.api.requests()).as("without a drill").isEmpty();

    stage.drill(DrillStage.CHECKED + ", " + DrillStage.NIGHTLY);
    stage.clock.advance(Duration.ofMinutes(1));
    stage.whole();
    assertThat(stage.run().status().phase()).isEqualTo(Phase.ENDED);
    stage.api.forgetRequests();
    for (int i = 0; i < 100; i++) {
      stage.clock.advance(Duration.ofSeconds(5));
      stage.follow();
    }
    assertThat(stage.api.requests()).as("between two runs").isEmpty();
    assertThat(stage.metrics.text()).contains("drill_proven{");
  }

  @Test
  void whatTheWatchesHaveNotHeardYetIsReadBeforeAnythingIsDone() {
    stage.drill(DrillStage.CHECKED);
    stage.hear();
    var drills = stage.operator(stage.client);
    for (int i = 0; i < 9; i++) {
      drills.follow();
      stage.next();
    }

    assertThat(stage.run().status().phase()).isEqualTo(Phase.ENDED);
    assertThat(stage.conditions())
        .containsExactly("Proven=True DrillSucceeded", "Missed=False DrillTookPlace");
    assertThat(stage.drill().status().counts().successful()).isEqualTo(1);
  }

  @Test
  void nothingIsDoneBeforeEveryDrillAndRunHasBeenHeardOf() {
    stage.drill(DrillStage.CHECKED);
    stage.inventory.drillsKnownWhen(() -> false);
    stage.api.forgetRequests();
    stage.follow();

    assertThat(stage.api.requests()).isEmpty();
    assertThat(stage.runs()).isEmpty();
  }
}
