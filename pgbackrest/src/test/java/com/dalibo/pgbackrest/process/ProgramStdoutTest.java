package com.dalibo.pgbackrest.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.Captured;
import org.junit.jupiter.api.Test;

class ProgramStdoutTest {

  @Test
  void warningsBeforeTheJsonAreLogAndNotPayload() {
    var payload =
        ProgramStdout.of(
            "P00   WARN: configuration file contains invalid option 'bogus-option'\n[{}]");

    assertThat(payload.text()).isEqualTo("[{}]");
    assertThat(payload.log())
        .containsExactly(
            new LogLine(
                LogLine.Level.WARN,
                0,
                "configuration file contains invalid option 'bogus-option'"));
  }

  @Test
  void anErrorOnStdoutIsLogWithItsHint() {
    var payload = ProgramStdout.of(Captured.WRONG_TYPE);

    assertThat(payload.text()).isEmpty();
    assertThat(payload.log())
        .containsExactly(
            new LogLine(
                LogLine.Level.ERROR,
                32,
                "'wrong' is not allowed for 'type' option\nHINT: allowed values are 'full', 'diff', 'incr'"));
  }

  @Test
  void whatLooksLikeALogLineInsideThePayloadStaysThere() {
    var payload = ProgramStdout.of("stanza: main\nERROR: [001]: not a log line here\n");

    assertThat(payload.text()).isEqualTo("stanza: main\nERROR: [001]: not a log line here\n");
    assertThat(payload.log()).isEmpty();
  }
}
