package com.dalibo.pgbackrest.stanza.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.stanza.Documents;
import com.dalibo.pgbackrest.stanza.api.reason.SpecReason;
import com.dalibo.pgbackrest.stanza.rendering.StanzaValidation;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeSpanTest {
  @ParameterizedTest
  @CsvSource({"168h, PT168H", "90m, PT90M", "2h30m, PT2H30M", "3600s, PT3600S", "1h0m1s, PT1H1S"})
  void hoursMinutesAndSecondsAreRead(String text, Duration duration) {
    assertThat(TimeSpan.parse(text)).contains(duration);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "0s", "1w", "30m2h", "-1h", "1.5h", "99999999999999999999h", "876601h", "1 h"})
  void whatIsNoTimeSpanIsNotRead(String text) {
    assertThat(TimeSpan.parse(text)).isEmpty();
  }

  @Test
  void theStanzaSaysWhatIsWrong() {
    var stanza =
        Documents.stanza(
            "name: main\nverify: {every: weekly}\nvolumeRepositories: [{claimName: c, repoPath: /p}]\n");

    assertThat(StanzaValidation.problems(stanza))
        .containsExactly(
            new Problem(
                SpecReason.TIME_SPAN_INVALID,
                "the Stanza 'sample' has 'weekly' in verify.every, which is not a time span; write one such as 168h, 90m or 2h30m"));
  }
}
