package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.testbed.cnpg.ClusterDefinition;
import com.dalibo.pgbackrest.testbed.postgres.Postgres;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Two failovers of which the only segment of the timeline between them is lost, while the timeline
/// that the first one left has archived the segment of the same number: PostgreSQL, told that the
/// one is not there, asks for the other.
///
/// Row 1 is in the backup; rows 2 and 3 are in the segment in which timeline 2 left timeline 1, 4
/// and 5 were written on timeline 1 after that; row 6 is in the lost segment of timeline 2, row 7
/// on timeline 3.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
class LostTimelineIT {
  @TempDir static Path directory;
  private TestCluster datacenter;
  private PlanLab lab;
  private Instant kept;
  private Instant left;
  private String lost;

  @BeforeAll
  void aClusterThatHasFailedOverTwice() throws Exception {
    datacenter = new TestCluster(directory, "one", "two");
    lab =
        new PlanLab(
            datacenter,
            "s",
            datacenter.repository("one", "/s", ""),
            datacenter.repository("two", "/s", ""));
    lab.insert();
    lab.backup("full", 1);
    // A target in the second in which it ended is not surely after it.
    Thread.sleep(1_100);
    lab.archive();
    lab.insert();
    kept = beforeNext();
    lab.failOverLosing(
        () -> {
          lab.insert();
          left = beforeNext();
        });
    lab.insert();
    lost = lab.archive();
    lab.failOver(Postgres.Stop.IMMEDIATE);
    lab.insert();
    lab.archive();
    lab.stop();
    assertThat(lost).startsWith("00000002");
    var inItsPlace = "00000001" + lost.substring(8);
    assertThat(lab.segments("one"))
        .contains(lost, inItsPlace)
        .filteredOn(segment -> segment.startsWith("00000002"))
        .containsExactly(lost);
    lab.lose("one", lost);
    lab.lose("two", lost);
  }

  /// A moment just before the commit of another row.
  private Instant beforeNext() {
    return lab.insert().committed().minusNanos(1_000);
  }

  @AfterAll
  void end() {
    lab.close();
    datacenter.close();
  }

  @Test
  void aRecoveryOfEverythingWaits() throws Exception {
    var cluster = recovering("everything", "");

    var truth = lab.restore(cluster, 1);

    assertThat(truth.failure()).isEqualTo("waits");
    assertThat(new UserView(datacenter.api).events("Cluster", "RecoveryWaits"))
        .anyMatch(
            words ->
                words.startsWith("recovery waits for WAL file '%s'".formatted(lost))
                    && words.contains("it is in no repository, but later WAL is ('00000003")
                    && words.endsWith(
                        "kubectl annotate cluster --namespace default everything pgbackrest.dalibo.com/acceptMissingWAL="
                            + lost));
    assertThat(PlanLab.words(lab.plan("", ""))).startsWith("False TargetInGap");
  }

  @Test
  void whereTheLossIsAcceptedNothingComesFromTheTimelineThatWasLeft() throws Exception {
    var annotations = new JsonObject();
    annotations.addProperty("pgbackrest.dalibo.com/acceptMissingWAL", lost);
    var accepting = recovering("accepting", "").json();
    accepting.getAsJsonObject("metadata").add("annotations", annotations);

    assertThat(lab.restore(ClusterDefinition.of(accepting), 1).rows()).contains("1,2,3");
  }

  @Test
  void aTargetIsNotLookedForInTheTimelineThatWasLeft() throws Exception {
    var target = "targetTime: '%s'".formatted(left);

    var truth = lab.restore(recovering("target", target), 2);

    assertThat(truth.rows()).isEmpty();
    assertThat(new UserView(datacenter.api).events("Cluster", "RecoveryTargetAtRisk"))
        .anyMatch(
            words ->
                words.startsWith("WAL file '%s' is in no repository, though later".formatted(lost)))
        .contains(
            ("WAL file '00000001%s' is replayed up to %s, where timeline 2 left timeline 1: '%s' is in no repository."
                    + " To recover what timeline 1 wrote after that, set recoveryTarget.targetTLI to '1'")
                .formatted(lost.substring(8), lab.leftAt(2), lost));
    assertThat(PlanLab.words(lab.plan("", target))).startsWith("False TargetInGap");
  }

  /// Of what was lost, the timeline before has what both have.
  @Test
  void aTargetBeforeTheForkIsReached() throws Exception {
    var target = "targetTime: '%s'".formatted(kept);

    var plan = lab.plan("", target);
    assertThat(PlanLab.words(plan)).startsWith("True");
    assertThat(plan.ends().timeline()).isEqualTo(1);
    assertThat(lab.restore(recovering("kept", target), 1).rows()).contains("1,2");
  }

  @Test
  void theTimelineThatWasLeftCanBeChosen() throws Exception {
    var target = "targetTime: '%s', targetTLI: '1'".formatted(left);

    assertThat(lab.restore(recovering("chosen", target), 2).rows()).contains("1,2,3,4");
    assertThat(PlanLab.words(lab.plan("", target))).startsWith("True");
  }

  private static ClusterDefinition recovering(String name, String target) {
    return TestCluster.recovering(name, "s", target, "");
  }
}
