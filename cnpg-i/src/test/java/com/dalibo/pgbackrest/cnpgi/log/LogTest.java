package com.dalibo.pgbackrest.cnpgi.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogTest {

  private final PrintStream before = System.err;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  @BeforeEach
  void listen() {
    Log.setThreshold(Level.INFO);
    System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void restore() {
    System.setErr(before);
    Log.setThreshold(Level.INFO);
  }

  @Test
  void anEventIsOneLineOfJson() {
    Log.named("wal").info("archived", "walSegment", "00000001", "repository", 2, "none", null);

    var line = JsonParser.parseString(text().strip()).getAsJsonObject();
    assertThat(line.get("level").getAsString()).isEqualTo("info");
    assertThat(line.get("ts").getAsString()).endsWith("Z");
    assertThat(line.get("logger").getAsString()).isEqualTo("wal");
    assertThat(line.get("msg").getAsString()).isEqualTo("archived");
    assertThat(line.get("walSegment").getAsString()).isEqualTo("00000001");
    assertThat(line.get("repository").getAsInt()).isEqualTo(2);
    assertThat(line.has("none")).isFalse();
  }

  @Test
  void aFailureKeepsItsWordsOnOneLine() {
    Log.named("wal").error("not archived", new IOException("first\nsecond"));

    assertThat(text().strip()).doesNotContain("\n").contains("\"error\":\"first\\nsecond\"");
  }

  @Test
  void aCheckedExceptionNeedsNoStackTraceAndAnotherDoes() {
    Log.named("wal").error("not archived", new IOException("refused"));
    Log.named("wal").error("unexpected", new IllegalStateException("odd"));

    assertThat(text().lines())
        .satisfiesExactly(
            line -> assertThat(line).doesNotContain("stacktrace"),
            line -> assertThat(line).contains("\"stacktrace\":\"java.lang.IllegalStateException"));
  }

  @Test
  void aLineOfGrpcIsJsonToo() {
    Logger.getLogger("io.grpc.internal.ManagedChannelImpl")
        .log(Level.WARNING, "channel {0} was not shut down", "7");

    var line = JsonParser.parseString(text().strip()).getAsJsonObject();
    assertThat(line.get("level").getAsString()).isEqualTo("warning");
    assertThat(line.get("logger").getAsString()).isEqualTo("ManagedChannelImpl");
    assertThat(line.get("msg").getAsString()).isEqualTo("channel 7 was not shut down");
  }

  @Test
  void aLineIsWrittenAfterTheLogManagerHasShutDown() {
    var root = Logger.getLogger("");
    var handlers = root.getHandlers();
    try {
      List.of(handlers).forEach(root::removeHandler);
      Log.named("wal").info("stopped");
    } finally {
      List.of(handlers).forEach(root::addHandler);
    }

    assertThat(text().lines()).singleElement().asString().contains("\"msg\":\"stopped\"");
  }

  @Test
  void theThresholdIsOneForAllOfOurs() {
    Log.setThreshold(Level.SEVERE);
    Log.named("wal").warning("a warning");
    Log.of(LogTest.class).warning("another");
    Log.setThreshold(Level.FINE);
    Log.of(LogTest.class).debug("detail");

    assertThat(text().lines()).singleElement().asString().contains("\"msg\":\"detail\"");
  }

  @Test
  void whatIsBelowTheThresholdIsNotSaid() {
    Log.named("wal").debug("detail");

    assertThat(text()).isEmpty();
  }

  private String text() {
    return written.toString(StandardCharsets.UTF_8);
  }
}
