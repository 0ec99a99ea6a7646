package com.dalibo.pgbackrest.sidecar.walrestore;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FetchDeadlinesTest {
  private static final String SEGMENT = "000000010000000000000001";

  private final FetchDeadlines deadlines = new FetchDeadlines();

  @Test
  void aFileThatWasCutOffIsGivenSeveralTimesAsLongUpToAnHour() {
    var given = Stream.generate(() -> cutOff(SEGMENT)).limit(7).map(Duration::toSeconds).toList();

    assertThat(given).containsExactly(10L, 40L, 160L, 640L, 2560L, 3600L, 3600L);
  }

  @Test
  void whatIsAskedInBetweenTakesNothingAway() {
    cutOff(SEGMENT);
    cutOff("00000002.history");

    assertThat(deadlines.of("s", SEGMENT)).isEqualTo(Duration.ofSeconds(40));
    assertThat(deadlines.of("s", "000000010000000000000002")).isEqualTo(FetchDeadlines.FIRST);
    assertThat(deadlines.of("other", SEGMENT)).isEqualTo(FetchDeadlines.FIRST);
  }

  @Test
  void aFileThatArrivedIsForgotten() {
    cutOff(SEGMENT);

    deadlines.arrived("s", SEGMENT);

    assertThat(deadlines.of("s", SEGMENT)).isEqualTo(FetchDeadlines.FIRST);
  }

  @Test
  void onlyTheLastFilesAreRemembered() {
    cutOff(SEGMENT);
    for (var n = 0; n < 16; n++) {
      cutOff("other-" + n);
    }

    assertThat(deadlines.of("s", SEGMENT)).isEqualTo(FetchDeadlines.FIRST);
    assertThat(deadlines.of("s", "other-0")).isEqualTo(Duration.ofSeconds(40));
  }

  private Duration cutOff(String file) {
    var given = deadlines.of("s", file);
    deadlines.wasTooShort("s", file, given);
    return given;
  }
}
