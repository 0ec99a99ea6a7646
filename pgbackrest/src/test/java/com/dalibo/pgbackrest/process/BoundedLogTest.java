package com.dalibo.pgbackrest.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BoundedLogTest {

  @Test
  void theNewestMessagesStay() {
    var log = new BoundedLog(10);

    IntStream.range(0, 1000).forEach(i -> log.add(line("%05d".formatted(i))));

    assertThat(log.lines()).containsExactly(line("00998"), line("00999"));
  }

  private static LogLine line(String text) {
    return new LogLine(LogLine.Level.INFO, 0, text);
  }
}
