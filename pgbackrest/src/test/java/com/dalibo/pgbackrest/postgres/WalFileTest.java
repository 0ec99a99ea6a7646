package com.dalibo.pgbackrest.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WalFileTest {

  @ParameterizedTest
  @CsvSource({
    "0000000A0000000000000001, SEGMENT, 10",
    "000000010000000000000001.partial, PARTIAL, 1",
    "00000002.history, HISTORY, 2",
    "000000010000000000000004.00000028.backup, BACKUP, 1"
  })
  void theNameTellsTheKind(String name, WalFile.Kind kind, int timeline) {
    assertThat(WalFile.parse(name)).isEqualTo(new WalFile(name, kind, timeline));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "short",
        "",
        "00000001000000000000000g",
        "00000001000000000000000a",
        "000000010000000000000001.partial.00000028.backup",
        "../000000010000000000000001",
        "000000010000000000000001 ",
        "00000002.history.partial"
      })
  void otherNamesAreRefused(String name) {
    assertThatThrownBy(() -> WalFile.parse(name))
        .hasMessage(
            "'%s' is not the name of a file that PostgreSQL archives; pass the file name as %%f gives it"
                .formatted(name));
  }

  @Test
  void theSegmentOfAPositionDependsOnTheSegmentSize() {
    var lsn = Lsn.parse("1/E5000028");

    assertThat(WalFile.segmentAt(1, lsn, 16 << 20)).isEqualTo("0000000100000001000000E5");
    assertThat(WalFile.segmentAt(1, lsn, 64 << 20)).isEqualTo("000000010000000100000039");
  }

  @Test
  void aSegmentEndsWhereTheNextOneBegins() {
    assertThat(WalFile.parse("0000000100000001000000E5").end(16 << 20))
        .isEqualTo(Lsn.parse("1/E6000000"));
    assertThat(WalFile.parse("0000000100000001000000FF").end(16 << 20)).isEqualTo(Lsn.parse("2/0"));
  }
}
