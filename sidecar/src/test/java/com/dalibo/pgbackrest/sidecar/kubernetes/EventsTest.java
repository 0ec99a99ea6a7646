package com.dalibo.pgbackrest.sidecar.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EventsTest {

  @Test
  void aLongMessageKeepsItsRemedy() {
    var remedy = "; remedy: correct 'bucket' in the Stanza";
    assertThat(Events.shortened("short" + remedy)).isEqualTo("short" + remedy);

    assertThat(Events.shortened("x".repeat(5000) + remedy))
        .hasSize(1024)
        .startsWith("xxx")
        .endsWith("x ..." + remedy);
  }

  @Test
  void oneWithoutIsCutAtItsEnd() {
    assertThat(Events.shortened("a" + "x".repeat(5000))).hasSize(1024).startsWith("axx");
    assertThat(Events.shortened("; remedy: " + "x".repeat(5000))).hasSize(1024).startsWith("; re");
  }
}
