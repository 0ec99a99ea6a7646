package com.dalibo.pgbackrest.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.Captured;
import java.util.List;
import org.junit.jupiter.api.Test;

/// With texts that pgBackRest 2.60.0 really printed.
class VerifyReportTest {
  private static final String WHOLE =
      """
      stanza: main
      status: ok
        archiveId: 18-1, total WAL checked: 7, total valid WAL: 7
          missing: 0, checksum invalid: 0, size invalid: 0, other: 0
        backup: 20261125-083228F, status: valid, total files checked: 968, total valid files: 968
          missing: 0, checksum invalid: 0, size invalid: 0, other: 0
        backup: 20261125-083231F, status: valid, total files checked: 969, total valid files: 969
          missing: 0, checksum invalid: 0, size invalid: 0, other: 0
      """;

  private static final String DAMAGED =
      """
      stanza: main
      status: error
        archiveId: 18-1, total WAL checked: 6, total valid WAL: 6
          missing: 0, checksum invalid: 0, size invalid: 0, other: 0
        backup: 20261125-083228F, status: valid, total files checked: 968, total valid files: 968
          missing: 0, checksum invalid: 0, size invalid: 0, other: 0
        backup: 20261125-083231F, status: invalid, total files checked: 969, total valid files: 967
          missing: 1, checksum invalid: 1, size invalid: 0, other: 0
      """;

  private static final String DAMAGED_LOG =
      """
      INFO: file missing '20261125-083231F/pg_data/base/5/2831.gz'
      INFO: invalid checksum '20261125-083231F/pg_data/base/5/2836_fsm.gz'
      """;

  @Test
  void aWholeRepositoryHasNoFindings() {
    var report = VerifyReport.parse(WHOLE, List.of()).orElseThrow();

    assertThat(report.findings()).isEmpty();
    assertThat(report.damage()).isFalse();
    assertThat(report.backups()).hasSize(2);
    assertThat(report.walFiles()).isEqualTo(7);
    assertThat(report.ok()).isTrue();
  }

  @Test
  void damageIsCountedAndNamed() {
    var report = VerifyReport.parse(DAMAGED, Captured.log(DAMAGED_LOG)).orElseThrow();

    assertThat(report.ok()).isFalse();
    assertThat(report.damage()).isTrue();
    assertThat(report.findings())
        .containsExactly(
            "1 missing and 1 checksum invalid of 969 files of backup 20261125-083231F",
            "file missing '20261125-083231F/pg_data/base/5/2831.gz'",
            "invalid checksum '20261125-083231F/pg_data/base/5/2836_fsm.gz'");
  }

  @Test
  void whatCouldNotBeReadIsNoDamageYet() {
    var report =
        VerifyReport.parse(
                DAMAGED.replace(
                    "missing: 1, checksum invalid: 1, size invalid: 0, other: 0",
                    "missing: 0, checksum invalid: 0, size invalid: 0, other: 2"),
                List.of())
            .orElseThrow();

    assertThat(report.findings())
        .containsExactly("2 other of 969 files of backup 20261125-083231F");
    assertThat(report.damage()).isFalse();
  }

  @Test
  void anErrorWithoutDetailsIsAFindingToo() {
    var report = VerifyReport.parse("stanza: main\nstatus: error\n", List.of()).orElseThrow();

    assertThat(report.findings()).containsExactly("pgbackrest verify reports 'error'");
  }

  @Test
  void withoutAVerdictThereIsNoReport() {
    assertThat(VerifyReport.parse("", List.of())).isEmpty();
  }
}
