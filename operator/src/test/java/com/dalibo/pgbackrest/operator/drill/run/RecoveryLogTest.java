package com.dalibo.pgbackrest.operator.drill.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecoveryLogTest {

  @Test
  void theEndOfARecoveryIsReadFromTheWordsOfPostgres() {
    var log =
        RecoveryLog.of(
            List.of(
                "{\"level\":\"info\",\"ts\":\"2026-11-29T03:00:57.5Z\",\"logger\":\"postgres\",\"record\":{\"message\":\"recovery stopping before commit of transaction 813, time 2026-11-27 14:03:23.1+00\"}}",
                "{\"ts\":\"2026-11-29T03:00:57.6Z\",\"record\":{\"message\":\"last completed transaction was at log time 2026-11-27 15:03:21.123456+01\"}}",
                "{\"ts\":\"2026-11-29T03:00:58.123Z\",\"record\":{\"message\":\"archive recovery complete\"}}"));

    assertThat(log.lastCommit()).contains(Instant.parse("2026-11-27T14:03:21.123456Z"));
    assertThat(log.ended()).contains(Instant.parse("2026-11-29T03:00:58.123Z"));
    assertThat(log.isPastTarget()).isTrue();
  }

  @Test
  void aLogWithoutAnEndSaysNothing() {
    var log =
        RecoveryLog.of(List.of("restored log file", "{\"ts\":\"x\"} archive recovery complete"));

    assertThat(log.lastCommit()).isEmpty();
    assertThat(log.ended()).isEmpty();
    assertThat(log.isPastTarget()).isFalse();
  }
}
