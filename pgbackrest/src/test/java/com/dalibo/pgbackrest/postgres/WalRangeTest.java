package com.dalibo.pgbackrest.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.Captured;
import com.dalibo.pgbackrest.info.BackupInfo;
import com.dalibo.pgbackrest.info.BackupType;
import com.dalibo.pgbackrest.info.Info;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
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

  @Test
  void theSegmentsOfABackupFollowFromItsPositions() {
    var stanza =
        Info.parse(Captured.resource("info/two-repositories-after-upgrade.json"))
            .stanza("main")
            .orElseThrow();
    var backup = stanza.backup(1, "20261123-020000F").orElseThrow();

    assertThat(backup.wal()).containsExactly("000000010000000000000007");
    assertThat(between("0/2FFFFF0", "0/5000000", "02", "04").wal())
        .containsExactly(
            "000000010000000000000002", "000000010000000000000003", "000000010000000000000004");
    // 64 MiB each.
    assertThat(between("0/FC000028", "1/4000100", "3F", "0000000100000001").wal())
        .containsExactly(
            "00000001000000000000003F", "000000010000000100000000", "000000010000000100000001");
  }

  @Test
  void theSizeOfASegmentIsKnownWhereOnlyOneWouldDo() {
    assertThat(between("0/2FFFFF0", "0/5000000", "02", "04").segmentSize()).hasValue(16 << 20);
    assertThat(between("1/28", "1/100", "0000000100000000", "0000000100000000").segmentSize())
        .isEmpty();
  }

  private static BackupInfo between(String from, String to, String start, String stop) {
    var prefix = "000000010000000000000000";
    return new BackupInfo(
        "b",
        BackupType.FULL,
        1,
        1,
        null,
        List.of(),
        prefix.substring(0, prefix.length() - start.length()) + start,
        prefix.substring(0, prefix.length() - stop.length()) + stop,
        Lsn.parse(from),
        Lsn.parse(to),
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
