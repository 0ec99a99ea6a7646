package com.dalibo.pgbackrest.sidecar.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class ArchivedSegmentsTest {
  private static final String SEGMENT = "000000010000000000000003";
  private static final Duration SHORT = Duration.ofMillis(1);
  private static final Duration LONG = Duration.ofMinutes(1);

  private final ArchivedSegments archived = new ArchivedSegments();

  @ParameterizedTest
  @ValueSource(strings = {SEGMENT, "000000010000000000000004"})
  void aSegmentIsArchivedWhenItOrALaterOneIs(String last) throws Exception {
    archived.archived(last);

    assertThat(archived.await(SEGMENT, LONG)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "000000010000000000000002",
        "000000020000000000000004",
        "000000010000000000000003.partial",
        "000000010000000000000003.00000028.backup",
        "00000002.history"
      })
  void otherFilesSayNothingOfIt(String last) throws Exception {
    archived.archived(last);

    assertThat(archived.await(SEGMENT, SHORT)).isFalse();
  }

  @Test
  void whoWaitsIsWokenWhenItIsArchived() throws Exception {
    var thread = Thread.ofVirtual().start(() -> archived.archived(SEGMENT));

    assertThat(archived.await(SEGMENT, LONG)).isTrue();
    thread.join();
  }
}
