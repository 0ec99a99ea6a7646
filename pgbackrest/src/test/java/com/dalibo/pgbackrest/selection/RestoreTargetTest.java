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

  /// Otherwise PostgreSQL says so after the copy, or looks for the transaction 0.
  @ParameterizedTest
  @ValueSource(strings = {"abc", "-1", "12a", "1 2", "0x", "pg_current_xact_id()"})
  void aTransactionIsANumber(String text) {
    assertThat(RestoreTarget.Xid.parse("7342").xid()).isEqualTo("7342");
    assertThat(RestoreTarget.Xid.parse("0x1CAE").xid()).isEqualTo("0x1CAE");
    assertThatThrownBy(() -> RestoreTarget.Xid.parse(text))
        .hasMessage(
            "'%s' is not the ID of a transaction; write the number that txid_current() had in it, such as '7342'"
                .formatted(text));
  }

  @Test
  void aRestorePointHasANameThatPostgresqlReads() {
    var longest = "é".repeat(31) + "x";
    assertThat(RestoreTarget.Name.parse(longest).name()).isEqualTo(longest);
    assertThat(RestoreTarget.Name.parse("before ''it''").name()).isEqualTo("before ''it''");
    assertThatThrownBy(() -> RestoreTarget.Name.parse(longest + "x"))
        .hasMessage(
            "'%sx' is longer than the 63 bytes that the name of a restore point can have; correct it"
                .formatted(longest));
    for (var text : new String[] {"it's", "a\\"}) {
      assertThatThrownBy(() -> RestoreTarget.Name.parse(text))
          .hasMessage(
              "'%s' would end the quoted text that CNPG makes of it; write a quote in the name of a restore point twice"
                  .formatted(text));
    }
  }
}
