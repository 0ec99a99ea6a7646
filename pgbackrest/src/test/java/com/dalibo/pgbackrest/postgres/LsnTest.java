package com.dalibo.pgbackrest.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LsnTest {

  @Test
  void itIsWrittenAsItWasRead() {
    assertThat(Lsn.parse("1A/E5000028")).hasToString("1A/E5000028");
  }

  @Test
  void theUpperHalfCountsMore() {
    assertThat(Lsn.parse("FFFFFFFF/0")).isGreaterThan(Lsn.parse("1/FFFFFFFF"));
  }

  @Test
  void otherTextIsRefused() {
    assertThatThrownBy(() -> Lsn.parse("28"))
        .hasMessage(
            "'28' is not a position in the WAL; write it as PostgreSQL does, such as '0/4000028'");
  }
}
