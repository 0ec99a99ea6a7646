package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class BackupWalTest {
  private static final String FIRST = "0000000100000000000000FF";
  private static final String SECOND = "000000010000000100000000";
  private static final String CHECKSUM = "-63a82aa8d81d5452ed244e527f0b7ec68fda3a8a";

  @Test
  void segmentsInTwoDirectoriesAreAllFound() throws Exception {
    var wal = wal(name -> Set.of((name.endsWith("0") ? FIRST : SECOND) + CHECKSUM + ".zst"));

    assertThat(wal.firstMissing(List.of(FIRST, SECOND))).isEmpty();
  }

  @Test
  void whatIsNotAWholeSegmentDoesNotCount() throws Exception {
    var wal =
        wal(
            _ ->
                Set.of(
                    FIRST + ".partial" + CHECKSUM,
                    FIRST + ".00000028.backup",
                    FIRST + CHECKSUM + ".zst.pgbackrest.tmp"));

    assertThat(wal.firstMissing(List.of(FIRST))).contains(FIRST);
  }

  @Test
  void aSegmentThatComesLateIsAwaited() throws Exception {
    var listings =
        new ArrayDeque<>(List.of(Set.<String>of(), Set.<String>of(), Set.of(FIRST + CHECKSUM)));
    var wal = wal(_ -> listings.remove());

    assertThat(wal.firstMissing(List.of(FIRST))).isEmpty();
  }

  @Test
  void theFirstSegmentThatDoesNotComeIsNamed() throws Exception {
    var wal = wal(name -> name.endsWith("00000000") ? Set.of(FIRST + CHECKSUM) : Set.of());

    assertThat(wal.firstMissing(List.of(FIRST, SECOND))).contains(SECOND);
  }

  private static BackupWal wal(RepositoryWal.Directory directory) {
    return new BackupWal(
        new RepositoryWal(directory), Duration.ofMillis(200), Duration.ofMillis(10));
  }
}
