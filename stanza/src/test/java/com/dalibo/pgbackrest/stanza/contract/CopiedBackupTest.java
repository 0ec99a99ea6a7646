package com.dalibo.pgbackrest.stanza.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CopiedBackupTest {
  @Test
  void whatTheSidecarWritesTheOperatorReads() {
    var copied = new CopiedBackup("20261128-140000F_20261128-150000I", "2 (offsite)", 75);

    assertThat(copied.message())
        .isEqualTo(
            "backup '20261128-140000F_20261128-150000I' of repository 2 (offsite) was copied in 75"
                + " seconds; PostgreSQL replays WAL now");
    assertThat(CopiedBackup.parse(copied.message())).contains(copied);
    assertThat(CopiedBackup.parse(new CopiedBackup("a", "1", 0).message()))
        .contains(new CopiedBackup("a", "1", 0));
    assertThat(CopiedBackup.parse("another event")).isEmpty();
  }
}
