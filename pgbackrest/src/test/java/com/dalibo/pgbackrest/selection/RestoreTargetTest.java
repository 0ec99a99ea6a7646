package com.dalibo.pgbackrest.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.postgres.Lsn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RestoreTargetTest {

  @ParameterizedTest
  @CsvSource({
    "2026-11-22T07:26:56Z, 2026-11-22 07:26:56+00",
    "2026-11-22 07:26:56+00, 2026-11-22 07:26:56+00",
    "2026-11-22 07:26:56.789012+00, 2026-11-22 07:26:56.789012+00",
    "2026-11-22T07:26:56.5Z, 2026-11-22 07:26:56.5+00",
    "2026-11-22T09:26:56+02:00, 2026-11-22 07:26:56+00",
    "2026-11-22 02:56:56-0430, 2026-11-22 07:26:56+00",
    "2026-11-22 07:26:56, 2026-11-22 07:26:56+00",
    "2026-11-22 07:26:56 UTC, 2026-11-22 07:26:56+00",
    "2026-11-22, 2026-11-22 00:00:00+00"
  })
  void theUsualFormsOfATimeAreRead(String written, String text) {
    assertThat(RestoreTarget.Time.parse(written).text()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"yesterday", "2026-13-22T07:26:56Z", "22.11.2026", "2026-11-22 07:26 CET"})
  void otherTextIsRefusedWithTheFormsThatAreRead(String text) {
    assertThatThrownBy(() -> RestoreTarget.Time.parse(text))
        .hasMessage(
            "'%s' is not a time; write it as '2026-11-22T07:26:56Z' or '2026-11-22 07:26:56+00' (without a zone it is UTC)"
                .formatted(text));
  }

  @Test
  void aPositionIsRead() {
    assertThat(RestoreTarget.Lsn.parse("0/4000028").position()).isEqualTo(Lsn.parse("0/4000028"));
  }
}
