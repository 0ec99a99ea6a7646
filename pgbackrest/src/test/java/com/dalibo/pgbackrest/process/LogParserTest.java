package com.dalibo.pgbackrest.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.Captured;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class LogParserTest {

  @Test
  void aMessageOfStderrHasALevelACodeAndItsContinuationLines() {
    var log = Captured.log("ERROR: [038]: unable to restore\n       HINT: look\n");

    assertThat(log)
        .containsExactly(new LogLine(LogLine.Level.ERROR, 38, "unable to restore\nHINT: look"));
  }

  @Test
  void aMessageOfTheConsoleMayHaveATimeAndAProcessNumber() {
    var log =
        Captured.log("2026-11-23 00:43:23.221 P00  ERROR: [031]: option 'bogus' is not valid\n");

    assertThat(log)
        .containsExactly(new LogLine(LogLine.Level.ERROR, 31, "option 'bogus' is not valid"));
  }

  @Test
  void aMessageWithoutCodeHasTheCodeZero() {
    var log = Captured.log("INFO: new backup label = 20261123-004018F\n");

    assertThat(log)
        .containsExactly(new LogLine(LogLine.Level.INFO, 0, "new backup label = 20261123-004018F"));
  }

  @Test
  void newsIsToldBeforeTheNextMessageBegins() {
    var told = new ArrayList<LogLine>();

    new LogParser(told::add)
        .line(
            "INFO: execute backup start: backup begins after the next regular checkpoint completes");

    assertThat(told).hasSize(1);
  }

  @Test
  void textThatIsNoMessageIsKept() {
    var log = Captured.log("pgbackrest: error while loading shared libraries: libxml2.so.16\n");

    assertThat(log)
        .containsExactly(
            new LogLine(
                LogLine.Level.OTHER,
                0,
                "pgbackrest: error while loading shared libraries: libxml2.so.16"));
  }
}
