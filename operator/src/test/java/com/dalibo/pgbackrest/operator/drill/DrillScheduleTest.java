package com.dalibo.pgbackrest.operator.drill;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRun;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Phase;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Result;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// When a drill is run, and when it was missed.
class DrillScheduleTest {

  @AutoClose private final DrillStage stage = new DrillStage();

  @Test
  void aDrillWithoutAScheduleIsRunOnceAndLeavesNothingBehind() {
    stage.drill(DrillStage.CHECKED);

    stage.whole();

    var run = stage.run();
    assertThat(run.name()).isEqualTo("nightly-20261129-025930");
    assertThat(run.status().phase()).isEqualTo(Phase.ENDED);
    assertThat(run.status().result()).isEqualTo(Result.SUCCEEDED);
    assertThat(run.status().message())
        .matches(
            "backup '20261128-030000F' of repository 1 \\(near\\) was restored in [0-9]+ seconds; 1 checks were true; 42 blocks were read");
    assertThat(run.status().restored().repository()).isEqualTo("1 (near)");
    assertThat(run.status().pages().read()).isEqualTo(42);
    assertThat(run.status().checks().getFirst().passed()).isTrue();
    assertThat(run.status().versions().postgres()).isEqualTo("17.6");
    assertThat(run.status().steps().podStarted()).isNotNull();
    assertThat(run.status().steps().copied()).isNotNull();
    assertThat(run.status().steps().promoted()).isNotNull();
    assertThat(run.status().steps().removed()).isNotNull();
    assertThat(run.status().seconds().copy()).isNotNull();
    assertThat(run.status().seconds().replay()).isNotNull();
    assertThat(run.status().rtoSeconds()).isNotNull();
    assertThat(stage.clusters()).isEmpty();
    assertThat(stage.api.list("jobs")).isEmpty();
    assertThat(stage.conditions())
        .containsExactly("Proven=True DrillSucceeded", "Missed=False DrillTookPlace");
    assertThat(stage.drill().status().counts().successful()).isEqualTo(1);
    assertThat(stage.drill().status().nextScheduleTime()).isNull();

    stage.clock.advance(Duration.ofDays(3));
    stage.whole();
    assertThat(stage.runs()).hasSize(1);
  }

  @Test
  void itIsRunAgainWhenAUserAsks() {
    stage.drill(DrillStage.CHECKED);
    stage.whole();

    stage.api.apply(
        """
        {"apiVersion": "pgbackrest.dalibo.com/v1", "kind": "RestoreDrill", "metadata": {"name": "nightly", "annotations":{"pgbackrest.dalibo.com/drill":"1"}}}
        """);
    stage.whole();

    assertThat(stage.runs()).hasSize(2);
    assertThat(stage.drill().status().lastRequest()).isEqualTo("1");
    assertThat(stage.drill().status().counts().successful()).isEqualTo(2);
    // The other repository has its turn.
    assertThat(stage.runs()).extracting(run -> run.spec().repository()).containsExactly(1, 2);
  }

  @Test
  void onAScheduleItIsRunWhenItIsDue() {
    stage.drill(DrillStage.NIGHTLY);
    stage.follow();
    assertThat(stage.runs()).isEmpty();
    assertThat(stage.conditions())
        .containsExactly("Proven=Unknown DrillNotRun", "Missed=False DrillTookPlace");
    assertThat(stage.drill().status().nextScheduleTime()).isEqualTo("2026-11-29T03:00:00Z");

    stage.clock.advance(Duration.ofSeconds(40));
    stage.answer = "{\"postgres\": \"17.6\", \"size\": 1000, \"checks\": []}";
    stage.whole();

    assertThat(stage.run().name()).isEqualTo("nightly-20261129-030000");
    assertThat(stage.run().spec().scheduledTime()).isEqualTo("2026-11-29T03:00:00Z");
    assertThat(stage.drill().status().nextScheduleTime()).isEqualTo("2026-11-30T03:00:00Z");
    assertThat(stage.conditions()).contains("Proven=True DrillSucceeded");
  }

  @Test
  void silenceIsAFailure() {
    stage.drill(DrillStage.NIGHTLY);
    stage.follow();
    stage.clock.advance(Duration.ofSeconds(40));
    stage.answer = "{\"postgres\": \"17.6\", \"size\": 1000, \"checks\": []}";
    stage.whole();

    stage.clock.advance(Duration.ofDays(3).plusHours(1));
    stage.follow();

    assertThat(stage.conditions())
        .containsExactly("Proven=False DrillOutdated", "Missed=True DrillOperatorDown");
    assertThat(stage.message("Missed"))
        .isEqualTo(
            "no operator was running when the drill was due, 3 times until 2026-12-02T03:00:00Z; find out why: kubectl get pods --all-namespaces --selector app.kubernetes.io/name=pgbackrest");
    assertThat(stage.drill().status().counts().missed()).isEqualTo(3);
    stage.follow();
    assertThat(stage.drill().status().counts().missed()).isEqualTo(3);

    stage.clock.advance(
        Duration.between(stage.clock.instant(), Instant.parse("2026-12-03T03:00:05Z")));
    stage.whole();
    assertThat(stage.conditions())
        .containsExactly("Proven=True DrillSucceeded", "Missed=False DrillTookPlace");
  }

  @Test
  void aRunThatIsDueWhileAnotherRunsIsMissed() {
    stage.drill("schedule: '0 * * * * *'");
    stage.follow();
    stage.clock.advance(Duration.ofSeconds(40));
    stage.follow();
    stage.clock.advance(Duration.ofSeconds(60));
    stage.follow();

    assertThat(stage.runs()).hasSize(1);
    assertThat(stage.conditions()).contains("Missed=True DrillStillRunning");
    assertThat(stage.message("Missed"))
        .isEqualTo(
            "run 'nightly-20261129-030000' had not ended when the drill was due at 2026-11-29T03:01:00Z; give the RestoreDrill 'nightly' a longer period or a shorter spec.timeout");
  }

  /// What the new schedule would have asked for was not asked for.
  @Test
  void aDrillThatGetsAScheduleLaterHasMissedNothing() {
    stage.drill(DrillStage.CHECKED);
    stage.whole();

    stage.clock.advance(Duration.ofDays(30));
    stage.api.apply(
        """
        {"apiVersion": "pgbackrest.dalibo.com/v1", "kind": "RestoreDrill", "metadata": {"name": "nightly", "generation": 2}, "spec": {"schedule": "0 0 12 * * *"}}
        """);
    stage.follow();

    assertThat(stage.conditions()).contains("Missed=False DrillTookPlace");
    assertThat(stage.drill().status().counts().missed()).isZero();
    assertThat(stage.drill().status().nextScheduleTime()).isEqualTo("2026-12-29T12:00:00Z");
  }

  @Test
  void aClockThatWasAheadForAWhileDoesNotEndTheDrills() {
    stage.drill(DrillStage.NIGHTLY);
    stage.follow();
    stage.clock.advance(Duration.ofDays(5000));
    stage.follow();
    stage.clock.advance(Duration.ofDays(-5000));
    stage.follow();
    stage.clock.advance(Duration.ofSeconds(40));
    stage.answer = "{\"postgres\": \"17.6\", \"size\": 1000, \"checks\": []}";
    stage.whole();

    assertThat(stage.runs())
        .extracting(RestoreDrillRun::name)
        .containsExactly("nightly-20261129-030000");
    assertThat(stage.conditions())
        .containsExactly("Proven=True DrillSucceeded", "Missed=False DrillTookPlace");
  }

  @Test
  void onlyTheNewestRunsAreKept() {
    stage.drill("schedule: '0 */10 * * * *', history: {successful: 2}");
    stage.answer = "{\"postgres\": \"17.6\", \"size\": 1000, \"checks\": []}";
    stage.follow();
    for (int i = 0; i < 5; i++) {
      var due = Instant.parse("2026-11-29T03:00:05Z").plus(Duration.ofMinutes(10L * i));
      stage.clock.advance(Duration.between(stage.clock.instant(), due));
      stage.whole();
    }
    stage.follow();

    assertThat(stage.runs())
        .extracting(RestoreDrillRun::name)
        .containsExactly("nightly-20261129-033000", "nightly-20261129-034000");
    assertThat(stage.drill().status().counts().successful()).isEqualTo(5);
  }
}
