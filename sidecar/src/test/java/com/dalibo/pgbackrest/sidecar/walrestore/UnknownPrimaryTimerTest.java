package com.dalibo.pgbackrest.sidecar.walrestore;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class UnknownPrimaryTimerTest {
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final UnknownPrimaryTimer timer = new UnknownPrimaryTimer(() -> now);

  @Test
  void itEndsWhenNothingChanges() {
    assertThat(timer.hasLastedTooLong(cluster("demo-1", 7), "while")).isFalse();
    pass(UnknownPrimaryTimer.LONGEST.minusSeconds(1));
    assertThat(timer.hasLastedTooLong(cluster("demo-1", 7), "while")).isFalse();
    pass(Duration.ofSeconds(1));
    assertThat(timer.hasLastedTooLong(cluster("demo-1", 7), "while")).isTrue();
  }

  @Test
  void anotherReasonPrimaryOrTimelineIsAnotherTime() {
    assertThat(timer.hasLastedTooLong(cluster("demo-1", 7), "while")).isFalse();
    pass(UnknownPrimaryTimer.LONGEST);
    assertThat(timer.hasLastedTooLong(cluster("demo-1", 7), "until")).isFalse();
    pass(UnknownPrimaryTimer.LONGEST);
    assertThat(timer.hasLastedTooLong(cluster("demo-2", 7), "until")).isFalse();
    pass(UnknownPrimaryTimer.LONGEST);
    assertThat(timer.hasLastedTooLong(cluster("demo-2", 8), "until")).isFalse();
    pass(UnknownPrimaryTimer.LONGEST);
    assertThat(timer.hasLastedTooLong(cluster("demo-2", 8), "until")).isTrue();
  }

  @Test
  void oneThatHasEndedBeginsAnew() {
    assertThat(timer.hasLastedTooLong(cluster("demo-1", 7), "while")).isFalse();
    timer.end();
    pass(UnknownPrimaryTimer.LONGEST);
    assertThat(timer.hasLastedTooLong(cluster("demo-1", 7), "while")).isFalse();
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }

  private static Cluster cluster(String primary, int timeline) {
    return Cluster.parse(
        """
        {"metadata": {"name": "demo"}, "status": {"currentPrimary": "%s", "timelineID": %d}}
        """
            .formatted(primary, timeline)
            .getBytes(StandardCharsets.UTF_8));
  }
}
