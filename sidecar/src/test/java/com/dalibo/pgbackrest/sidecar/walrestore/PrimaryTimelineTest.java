package com.dalibo.pgbackrest.sidecar.walrestore;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PrimaryTimelineTest {
  private final PrimaryTimeline timelines = new PrimaryTimeline();

  @Test
  void theFirstIsTakenAsItIs() {
    assertThat(timelines.of(cluster("demo-1", 7))).hasValue(7);
  }

  @Test
  void aNewPrimaryHasNoneUntilALaterOneIsTold() {
    assertThat(timelines.of(cluster("demo-1", 7))).hasValue(7);

    assertThat(timelines.of(cluster("demo-2", 7))).isEmpty();
    assertThat(timelines.of(cluster("demo-2", 7))).isEmpty();
    assertThat(timelines.of(cluster("demo-2", 8))).hasValue(8);
  }

  @Test
  void onePrimaryThatComesBackHasALaterOneToo() {
    assertThat(timelines.of(cluster("demo-1", 7))).hasValue(7);
    assertThat(timelines.of(cluster("demo-2", 8))).hasValue(8);

    assertThat(timelines.of(cluster("demo-1", 8))).isEmpty();
    assertThat(timelines.of(cluster("demo-1", 9))).hasValue(9);
  }

  @Test
  void anEarlierOneIsThatOfAFormerPrimary() {
    assertThat(timelines.of(cluster("demo-2", 8))).hasValue(8);
    assertThat(timelines.of(cluster("demo-2", 7))).hasValue(8);
  }

  @Test
  void whatIsToldDuringATakeoverIsThatOfTheFormerPrimary() {
    assertThat(timelines.of(cluster("demo-1", "demo-2", "{}", 7))).isEmpty();
    assertThat(timelines.of(cluster("demo-2", 7))).isEmpty();
    assertThat(timelines.of(cluster("demo-2", 8))).hasValue(8);
  }

  @Test
  void soItIsWhileCnpgKnowsTheNewOneAsAStandby() {
    var standby = "{\"demo-2\": {\"isPrimary\": false, \"timeLineID\": 7}}";

    assertThat(timelines.of(cluster("demo-2", "demo-2", standby, 7))).isEmpty();
    assertThat(timelines.of(cluster("demo-2", 7))).isEmpty();
    assertThat(timelines.of(cluster("demo-2", 8))).hasValue(8);
  }

  @Test
  void aTakeoverThatDoesNotHappenChangesNothing() {
    assertThat(timelines.of(cluster("demo-1", "pending", "{}", 7))).isEmpty();
    assertThat(timelines.of(cluster("demo-1", 7))).hasValue(7);
  }

  private static Cluster cluster(String primary, int timeline) {
    return cluster(primary, primary, "{}", timeline);
  }

  private static Cluster cluster(
      String currentPrimary, String targetPrimary, String reported, int timeline) {
    return Cluster.parse(
        """
        {"metadata": {"name": "demo"}, "status": {"currentPrimary": "%s", "targetPrimary": "%s",
          "instancesReportedState": %s, "timelineID": %d}}
        """
            .formatted(currentPrimary, targetPrimary, reported, timeline)
            .getBytes(StandardCharsets.UTF_8));
  }
}
