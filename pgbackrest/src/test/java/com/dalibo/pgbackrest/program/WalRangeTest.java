package com.dalibo.pgbackrest.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WalRangeTest {

  @Test
  void itCountsOverTheEndOfALogFile() {
    var range = WalRange.between("0000000100000000000000FE", "000000010000000100000001", 16 << 20);

    assertThat(range.segments())
        .containsExactly(
            "0000000100000000000000FE",
            "0000000100000000000000FF",
            "000000010000000100000000",
            "000000010000000100000001");
    assertThat(range.size()).isEqualTo(4);
  }

  @Test
  void segmentsOfTwoTimelinesAreNoRange() {
    assertThatThrownBy(
            () ->
                WalRange.between("000000010000000000000001", "000000020000000000000002", 16 << 20))
        .hasMessage(
            "segments '000000010000000000000001' and '000000020000000000000002' are of different timelines");
  }

  @Test
  void aRangeDoesNotRunBackwards() {
    assertThatThrownBy(
            () ->
                WalRange.between("000000010000000000000002", "000000010000000000000001", 16 << 20))
        .hasMessage(
            "segment '000000010000000000000002' comes after segment '000000010000000000000001'");
  }
}
