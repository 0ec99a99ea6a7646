package com.dalibo.pgbackrest.sidecar.wal;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.config.Configuration;
import com.dalibo.pgbackrest.info.BackupInfo;
import com.dalibo.pgbackrest.info.BackupLock;
import com.dalibo.pgbackrest.info.BackupType;
import com.dalibo.pgbackrest.info.StanzaInfo;
import com.dalibo.pgbackrest.info.StatusCode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetainedWalTest {
  /// Each backup needs segments 0 and 1 of its ten.
  private static final List<BackupInfo> BACKUPS =
      List.of(
          backup("20261101-000000F", BackupType.FULL, 1, 0x10),
          backup("20261101-000000F_20261102-000000D", BackupType.DIFF, 1, 0x20),
          backup("20261101-000000F_20261103-000000I", BackupType.INCR, 1, 0x30),
          backup("20261104-000000F", BackupType.FULL, 1, 0x40),
          backup("20261104-000000F_20261105-000000I", BackupType.INCR, 1, 0x50));

  @Test
  void withoutArchiveRetentionAllIsKept() {
    assertThat(missed(Map.of())).isEmpty();
    assertThat(missed(Map.of("full", "1"))).isEmpty();
  }

  @Test
  void fullBackupsAreCountedUnlessTheStanzaSaysOtherwise() {
    assertThat(since(Map.of("archive", "1"))).isEqualTo("20261104-000000F");
    assertThat(since(Map.of("archive", "2"))).isEqualTo("20261101-000000F");
    assertThat(since(Map.of("archive", "2", "archive-type", "diff")))
        .isEqualTo("20261101-000000F_20261102-000000D");
    assertThat(since(Map.of("archive", "2", "archive-type", "incr"))).isEqualTo("20261104-000000F");
  }

  @Test
  void theNumberOfDifferentialBackupsIsTheDefaultForTheirType() {
    assertThat(since(Map.of("archive-type", "diff", "diff", "1"))).isEqualTo("20261104-000000F");
    assertThat(missed(Map.of("archive-type", "incr", "diff", "1"))).isEmpty();
  }

  @Test
  void nothingExpiresWhileThereAreFewerBackups() {
    assertThat(missed(Map.of("archive", "3"))).isEmpty();
  }

  @Test
  void olderBackupsKeepWhatMakesThemConsistent() {
    assertThat(missed(Map.of("archive", "1")))
        .doesNotContain(segment(0x10), segment(0x11), segment(0x20), segment(0x31))
        .contains(segment(0x0F), segment(0x12), segment(0x1F), segment(0x32), segment(0x3F))
        .allSatisfy(segment -> assertThat(segment).isLessThan(segment(0x40)));
  }

  @Test
  void whatFollowsAnOlderBackupIsGone() {
    var kept = kept(Map.of("archive", "1"), BACKUPS);

    assertThat(BACKUPS.stream().filter(kept::goesOnAfter))
        .extracting(BackupInfo::archiveStart)
        .containsExactly(segment(0x40), segment(0x50));
  }

  @Test
  void backupsOfAnEarlierMajorVersionCountButTheirWalIsAnother() {
    var upgraded =
        List.of(
            BACKUPS.getFirst(),
            backup("20261108-000000F", BackupType.FULL, 2, 0x08),
            backup("20261109-000000F", BackupType.FULL, 2, 0x18));

    assertThat(kept(Map.of("archive", "3"), upgraded).since()).contains(upgraded.get(1));
    assertThat(kept(Map.of("archive", "1"), upgraded).older()).containsExactly(upgraded.get(1));
  }

  private static String since(Map<String, String> retention) {
    return kept(retention, BACKUPS).since().orElseThrow().label();
  }

  /// Of segments 0 to 0x60.
  private static List<String> missed(Map<String, String> retention) {
    var kept = kept(retention, BACKUPS);
    return IntStream.range(0, 0x60)
        .mapToObj(RetainedWalTest::segment)
        .filter(segment -> !kept.includes(segment))
        .toList();
  }

  private static RetainedWal kept(Map<String, String> retention, List<BackupInfo> backups) {
    var configuration = Configuration.builder("main").repository(2, "retention-archive", "1");
    retention.forEach((name, value) -> configuration.repository(1, "retention-" + name, value));
    var info =
        new StanzaInfo(
            "main", StatusCode.OK, "ok", BackupLock.FREE, List.of(), List.of(), List.of(), backups);
    return RetainedWal.of(configuration.build(), 1, info);
  }

  private static BackupInfo backup(String label, BackupType type, int database, int start) {
    return new BackupInfo(
        label,
        type,
        1,
        database,
        null,
        List.of(),
        segment(start),
        segment(start + 1),
        null,
        null,
        Instant.ofEpochSecond(start),
        Instant.ofEpochSecond(start + 1),
        0,
        0,
        OptionalLong.empty(),
        OptionalLong.empty(),
        false,
        Map.of());
  }

  private static String segment(int number) {
    return "0000000100000000%08X".formatted(number);
  }
}
