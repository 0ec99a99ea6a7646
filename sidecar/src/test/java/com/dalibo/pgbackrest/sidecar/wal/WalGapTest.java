package com.dalibo.pgbackrest.sidecar.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WalGapTest {
  private static final List<String> EXPECTED =
      List.of(
          "000000010000000000000004",
          "000000010000000000000005",
          "000000020000000000000006",
          "000000020000000000000007");

  @Test
  void whatIsMissingInARowIsOneGap() {
    assertThat(
            WalGap.of(
                EXPECTED,
                List.of(
                    "000000010000000000000004",
                    "000000010000000000000005",
                    "000000020000000000000007")))
        .extracting(WalGap::toString)
        .containsExactly(
            "000000010000000000000004-000000010000000000000005", "000000020000000000000007");
  }

  @Test
  void nothingMissingIsNoGap() {
    assertThat(WalGap.of(EXPECTED, List.of())).isEmpty();
  }

  @Test
  void aGapIsReadAsItIsWritten() {
    assertThat(WalGap.parse("000000010000000000000004-000000010000000000000005"))
        .isEqualTo(new WalGap("000000010000000000000004", "000000010000000000000005"));
    assertThat(WalGap.parse("000000020000000000000007"))
        .isEqualTo(new WalGap("000000020000000000000007", "000000020000000000000007"));
  }
}
