package com.dalibo.pgbackrest.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.Captured;
import org.junit.jupiter.api.Test;

class ExpirationTest {
  /// As pgBackRest 2.60.0 printed it.
  private static final String DRY_RUN =
      """
      INFO: [DRY-RUN] expire command begin 2.60.0: --dry-run --repo=1 --repo1-retention-full=1 --stanza=main
      INFO: [DRY-RUN] repo1: expire full backup 20261125-083228F
      INFO: [DRY-RUN] repo1: expire full backup set 20261125-083231F, 20261125-083231F_20261125-083233I
      INFO: [DRY-RUN] repo1: remove expired backup 20261125-083231F_20261125-083233I
      INFO: [DRY-RUN] repo1: remove expired backup 20261125-083231F
      INFO: [DRY-RUN] repo1: remove expired backup 20261125-083228F
      INFO: [DRY-RUN] repo1: 18-1 remove archive, start = 000000010000000000000002, stop = 00000001000000000000000C
      INFO: [DRY-RUN] repo1: 18-1 remove archive, start = 00000001000000000000000E, stop = 00000001000000000000000E
      INFO: [DRY-RUN] expire command end: completed successfully
      """;

  @Test
  void backupsAndWalAreNamed() {
    var expiration = Expiration.of(Captured.log(DRY_RUN));

    assertThat(expiration.backups())
        .containsExactly(
            "20261125-083228F", "20261125-083231F", "20261125-083231F_20261125-083233I");
    assertThat(expiration.archives())
        .containsExactly(
            "000000010000000000000002 to 00000001000000000000000C", "00000001000000000000000E");
    assertThat(expiration.isEmpty()).isFalse();
  }

  @Test
  void walBeforeTheOldestBackupIsNoLoss() {
    var expiration = Expiration.of(Captured.log(DRY_RUN));

    assertThat(expiration.from("00000001000000000000000C").archives()).hasSize(2);
    assertThat(expiration.from("00000001000000000000000D").archives())
        .containsExactly("00000001000000000000000E");
    assertThat(expiration.from("00000001000000000000000F").archives()).isEmpty();
  }

  @Test
  void nothingIsRemovedWhereNothingIsSaid() {
    var log = "INFO: [DRY-RUN] repo1: time-based archive retention not met - archive logs kept\n";

    assertThat(Expiration.of(Captured.log(log)).isEmpty()).isTrue();
  }
}
