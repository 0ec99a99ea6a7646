package com.dalibo.pgbackrest.sidecar.walrestore;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class StalledSegmentTest {
  private Instant now = Instant.parse("2026-11-27T10:00:00Z");
  private final StalledSegment stalled = new StalledSegment(Duration.ofSeconds(30), () -> now);

  @Test
  void theSameSegmentIsLookedIntoOnceInEachTime() {
    assertThat(stalled.isDue("7")).isFalse();
    now = now.plusSeconds(29);
    assertThat(stalled.isDue("7")).isFalse();
    now = now.plusSeconds(1);
    assertThat(stalled.isDue("7")).isTrue();
    now = now.plusSeconds(5);
    assertThat(stalled.isDue("7")).isFalse();
    now = now.plusSeconds(25);
    assertThat(stalled.isDue("7")).isTrue();
  }

  @Test
  void anotherSegmentIsProgress() {
    assertThat(stalled.isDue("7")).isFalse();
    now = now.plusSeconds(60);
    assertThat(stalled.isDue("8")).isFalse();
    assertThat(stalled.isDue("7")).isFalse();
  }
}
