package com.dalibo.pgbackrest.operator.drill;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRun;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Phase;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Result;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// How many drills take place at once, and which of those that wait is next.
class DrillRoomTest {

  @AutoClose private final DrillStage stage = new DrillStage();

  private void sevenAreDue() {
    for (int i = 0; i < 7; i++) {
      stage.drill("d" + i, "schedule: '0 0 3 * * *', timeout: 1h");
    }
    stage.follow();
    stage.clock.advance(Duration.ofSeconds(40));
    stage.follow();
    stage.follow();
  }

  /// Each is a Cluster, and most schedules name the same hour.
  @Test
  void atMostFiveTakePlaceAtOnceAndTheOthersFollow() {
    sevenAreDue();

    assertThat(stage.clusters()).hasSize(5);
    assertThat(stage.runs()).hasSize(7);
    assertThat(stage.runs())
        .filteredOn(run -> run.status().phase() == Phase.PENDING)
        .hasSize(2)
        .allSatisfy(
            run ->
                assertThat(run.status().message())
                    .isEqualTo("it begins when one of the 5 drills that take place now has ended"));

    stage.follow();
    assertThat(stage.clusters()).hasSize(5);
    // The pods of the first five do not start. An hour is the timeout, which does not run for those
    // that wait.
    stage.clock.advance(Duration.ofMinutes(61));
    stage.answer = "{\"postgres\": \"17.6\", \"size\": 1000, \"checks\": []}";
    stage.whole();
    stage.whole();

    assertThat(stage.clusters()).isEmpty();
    assertThat(stage.runs())
        .extracting(run -> run.status().result())
        .containsOnly(Result.MISSED, Result.SUCCEEDED);
    assertThat(stage.runs())
        .filteredOn(run -> run.status().result() == Result.SUCCEEDED)
        .hasSize(2);
  }

  /// Seven drills are due, and the pods of the first five do not start for an hour.
  private List<RestoreDrillRun> twoHaveWaitedForAnHour() {
    sevenAreDue();
    stage.clock.advance(Duration.ofMinutes(61));
    return waiting();
  }

  private List<RestoreDrillRun> waiting() {
    return stage.runs().stream()
        .filter(run -> run.status().phase() == Phase.PENDING)
        .filter(run -> run.status().result() == null)
        .toList();
  }

  @Test
  void theTimeInWhichItsClusterHasToBeCreatedBeginsWhenARunHasRoom() {
    assertThat(twoHaveWaitedForAnHour()).hasSize(2);
    stage.api.fail("POST /apis/postgresql.cnpg.io", 500, 4);
    stage.follow();
    stage.follow();

    assertThat(waiting())
        .hasSize(2)
        .allSatisfy(
            run ->
                assertThat(run.status().message())
                    .startsWith("the Cluster cannot be created yet: "));
    stage.answer = "{\"postgres\": \"17.6\", \"size\": 1000, \"checks\": []}";
    stage.whole();
    assertThat(stage.runs())
        .filteredOn(run -> run.status().result() == Result.SUCCEEDED)
        .hasSize(2);
  }

  @Test
  void aRunWhoseClusterIsRefusedForTenMinutesIsMissed() {
    twoHaveWaitedForAnHour();
    stage.api.fail("POST /apis/postgresql.cnpg.io", 500);
    for (int minute = 0; minute < 15; minute++) {
      stage.follow();
      stage.clock.advance(Duration.ofMinutes(1));
    }

    assertThat(stage.runs())
        .hasSize(7)
        .allSatisfy(run -> assertThat(run.status().result()).isEqualTo(Result.MISSED));
  }

  @Test
  void aRunThatWaitsForRoomCostsNoRequest() {
    sevenAreDue();
    assertThat(waiting()).hasSize(2);
    stage.hear();
    stage.api.forgetRequests();
    stage.operator(stage.client).follow();

    assertThat(stage.api.requests())
        .noneMatch(request -> request.matches(".*/restoredrill(run)?s/d[56].*"));
  }

  @Test
  void whoHasWaitedLongestIsNext() {
    twoHaveWaitedForAnHour();
    for (int i = 0; i < 5; i++) {
      stage.drill("a" + i, "timeout: 1h");
    }
    for (int i = 0; i < 4; i++) {
      stage.follow();
    }

    assertThat(stage.clusters()).hasSize(5);
    assertThat(stage.runs())
        .filteredOn(run -> run.name().startsWith("d5") || run.name().startsWith("d6"))
        .hasSize(2)
        .allSatisfy(run -> assertThat(run.status().phase()).isEqualTo(Phase.RESTORING));
  }

  @Test
  void noMoreTakePlaceWhereTheWatchesLag() {
    for (int i = 0; i < 7; i++) {
      stage.drill("d" + i, "timeout: 1h");
    }
    stage.hear();
    var drills = stage.operator(stage.client);
    for (int i = 0; i < 4; i++) {
      drills.follow();
    }

    assertThat(stage.runs()).hasSize(7);
    assertThat(stage.clusters()).hasSize(5);
  }
}
