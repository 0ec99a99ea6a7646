package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTimeTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-22T07:26:56Z",
        "2026-11-22 07:26:56Z",
        "2026-11-22 07:26:56+00",
        "2026-11-22 07:26:56.000+00:00",
        "2026-11-22T09:26:56+02:00",
        "2026-11-22 01:56:56.000000-0530",
        "2026-11-22 07:26:56 UTC"
      })
  void everyWayToWriteOneInstantIsThatInstant(String text) {
    assertThat(TargetTime.parse(text))
        .contains(new TargetTime(Instant.parse("2026-11-22T07:26:56Z"), TargetTime.Zone.WRITTEN));
  }

  @Test
  void aTimeWithoutZoneIsUtcAndSaysThatThisIsAssumed() {
    assertThat(TargetTime.parse("2026-11-22 07:26:56"))
        .contains(
            new TargetTime(Instant.parse("2026-11-22T07:26:56Z"), TargetTime.Zone.ASSUMED_UTC));
  }

  @Test
  void aDayIsItsMidnight() {
    assertThat(TargetTime.parse("2026-11-22").orElseThrow().instant())
        .isEqualTo(Instant.parse("2026-11-22T00:00:00Z"));
  }

  @Test
  void fractionsOfASecondCount() {
    assertThat(TargetTime.parse("2026-11-22 07:26:56.123456+00").orElseThrow().instant())
        .isEqualTo(Instant.parse("2026-11-22T07:26:56.123456Z"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "now", "yesterday", "2026-13-22 07:26:56Z", "2026-11-22 25:00:00Z"})
  void whatIsNoTimeIsRefused(String text) {
    assertThat(TargetTime.parse(text)).isEmpty();
  }
}
