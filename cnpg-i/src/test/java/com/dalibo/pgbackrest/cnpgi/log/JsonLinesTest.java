package com.dalibo.pgbackrest.cnpgi.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class JsonLinesTest {

  @Test
  void aLineHasTheKeysOfCnpg() {
    var line = new LogRecord(Level.WARNING, "a {0} failed");
    line.setLoggerName("com.example.Watches");
    line.setParameters(new Object[] {"watch"});
    line.setInstant(Instant.parse("2026-11-01T00:00:00.123456789Z"));

    var text = new JsonLines().format(line);

    assertThat(text)
        .isEqualTo(
            "{\"level\":\"warning\",\"ts\":\"2026-11-01T00:00:00.123456Z\",\"logger\":\"Watches\",\"msg\":\"a"
                + " watch failed\"}");
  }

  @Test
  void anExceptionStaysOnOneLine() {
    var line = new LogRecord(Level.SEVERE, "failed");
    line.setThrown(new IllegalStateException("no \"luck\"\ntoday"));

    var text = new JsonLines().format(line);

    assertThat(text.lines()).hasSize(1);
    assertThat(JsonParser.parseString(text).getAsJsonObject().get("error").getAsString())
        .isEqualTo("no \"luck\"\ntoday");
  }

  @Test
  void levelsHaveTheNamesThatCnpgKnows() {
    assertThat(
            Stream.of(Level.SEVERE, Level.WARNING, Level.INFO, Level.FINE, Level.FINEST)
                .map(level -> new JsonLines().format(new LogRecord(level, "")))
                .map(line -> JsonParser.parseString(line).getAsJsonObject().get("level"))
                .map(JsonElement::getAsString))
        .containsExactly("error", "warning", "info", "debug", "trace");
  }
}
