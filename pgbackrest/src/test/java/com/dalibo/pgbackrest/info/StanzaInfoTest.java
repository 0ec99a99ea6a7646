package com.dalibo.pgbackrest.info;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.postgres.Lsn;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class StanzaInfoTest {
  private static final BackupInfo AMBIGUOUS = backup(1, 2, "000000010000000100000000", "1/28");

  @Test
  void anotherBackupOfTheClusterShowsTheSizeOfItsSegments() {
    assertThat(AMBIGUOUS.segmentSize()).isEmpty();
    assertThat(info(AMBIGUOUS).segmentSize(AMBIGUOUS)).isEmpty();

    var sameRepository = backup(1, 2, "000000010000000100000003", "1/C000028");
    var otherRepository = backup(2, 1, "000000010000000100000003", "1/C000028");
    for (var other : List.of(sameRepository, otherRepository)) {
      assertThat(info(AMBIGUOUS, other).segmentSize(AMBIGUOUS)).hasValue(64 << 20);
    }
  }

  @Test
  void oneOfTheClusterBeforeAnUpgradeDoesNot() {
    var before = backup(1, 1, "000000010000000100000003", "1/3000028");

    assertThat(info(before, AMBIGUOUS).segmentSize(AMBIGUOUS)).isEmpty();
    assertThat(info(before, AMBIGUOUS).segmentSize(before)).hasValue(16 << 20);
  }

  private static StanzaInfo info(BackupInfo... backups) {
    return new StanzaInfo(
        "main",
        StatusCode.OK,
        "ok",
        BackupLock.FREE,
        List.of(),
        List.of(
            new DatabaseInfo(1, 1, 17L, "17"),
            new DatabaseInfo(2, 1, 18L, "18"),
            new DatabaseInfo(1, 2, 18L, "18")),
        List.of(),
        List.of(backups));
  }

  private static BackupInfo backup(int repository, int database, String segment, String start) {
    var position = Lsn.parse(start);
    return new BackupInfo(
        "20261128-101333F",
        BackupType.FULL,
        repository,
        database,
        null,
        List.of(),
        segment,
        segment,
        position,
        new Lsn(position.value() + 0x100),
        Instant.EPOCH,
        Instant.EPOCH,
        1,
        1,
        OptionalLong.empty(),
        OptionalLong.empty(),
        false,
        Map.of());
  }
}
