package com.dalibo.pgbackrest.sidecar.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.command.RepositoryFile;
import com.dalibo.pgbackrest.error.ErrorCode;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.wal.RepositoryWal;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class BackupWalWaitTest {
  private static final String FIRST = "0000000100000000000000FF";
  private static final String SECOND = "000000010000000100000000";
  private static final String CHECKSUM = "-63a82aa8d81d5452ed244e527f0b7ec68fda3a8a";

  @Test
  void segmentsInTwoDirectoriesAreAllFound() throws Exception {
    var wal = wal(name -> files((name.endsWith("0") ? FIRST : SECOND) + CHECKSUM + ".zst"));

    assertThat(wal.firstMissing(List.of(FIRST, SECOND))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".partial-63a82aa8d81d5452ed244e527f0b7ec68fda3a8a",
        ".partial-63a82aa8d81d5452ed244e527f0b7ec68fda3a8a.zst",
        ".00000028.backup",
        "",
        "-63a82aa8d81d5452ed244e527f0b7ec68fda3a8a.zst.pgbackrest.tmp",
        "-63a82aa8d81d5452ed244e527f0b7ec68fda3a8a.pgbackrest.tmp",
        "-63a82aa8d81d5452ed244e527f0b7ec68fda3a8a.tmp",
        "-63a82aa8"
      })
  void whatIsNotAWholeSegmentDoesNotCount(String rest) throws Exception {
    assertThat(wal(_ -> files(FIRST + rest)).firstMissing(List.of(FIRST))).contains(FIRST);
  }

  @Test
  void anEmptyFileAndAFolderDoNotCount() throws Exception {
    var name = FIRST + CHECKSUM;

    assertThat(
            wal(_ -> List.of(new RepositoryFile(name, "file", 0, 0))).firstMissing(List.of(FIRST)))
        .contains(FIRST);
    assertThat(
            wal(_ -> List.of(new RepositoryFile(name, "path", 0, 0))).firstMissing(List.of(FIRST)))
        .contains(FIRST);
  }

  @Test
  void theSameSegmentOfAnotherTimelineDoesNotCount() throws Exception {
    var other = "00000002" + FIRST.substring(8) + CHECKSUM;

    assertThat(wal(_ -> files(other)).firstMissing(List.of(FIRST))).contains(FIRST);
  }

  @Test
  void aSegmentThatIsThereTwiceIsRefused() {
    var wal = wal(_ -> files(FIRST + CHECKSUM, FIRST + CHECKSUM.replace('6', '7') + ".zst"));

    assertThatThrownBy(() -> wal.firstMissing(List.of(FIRST)))
        .isInstanceOf(PreconditionException.class)
        .hasMessageContaining("WAL segment '" + FIRST + "' is in the archive 2 times");
  }

  @Test
  void aSegmentThatComesLateIsAwaited() throws Exception {
    var listings = new ArrayDeque<>(List.of(files(), files(), files(FIRST + CHECKSUM)));
    var wal = wal(_ -> listings.remove());

    assertThat(wal.firstMissing(List.of(FIRST))).isEmpty();
  }

  @Test
  void aRepositoryThatStumblesWhileListingIsAskedAgain() throws Exception {
    var listings = new AtomicInteger();
    var wal =
        wal(
            _ -> {
              if (listings.incrementAndGet() == 1) {
                throw PgBackRestException.of(
                    "repo-ls", ErrorCode.HOST_CONNECT, "connection refused", new IOException());
              }
              return files(FIRST + CHECKSUM);
            });

    assertThat(wal.firstMissing(List.of(FIRST))).isEmpty();
  }

  @Test
  void aSegmentThatArchivingDoesNotBringIsPushedByItself() throws Exception {
    var pushed = new ConcurrentSkipListSet<String>();
    var wal =
        new BackupWalWait(
            new RepositoryWal(
                _ -> pushed.isEmpty() ? files() : files(pushed.getFirst() + CHECKSUM)),
            pushed::add,
            Duration.ofSeconds(2),
            Duration.ofMillis(10));

    assertThat(wal.firstMissing(List.of(FIRST))).isEmpty();
    assertThat(pushed).containsExactly(FIRST);
  }

  @Test
  void theFirstSegmentThatDoesNotComeIsNamed() throws Exception {
    var wal = wal(name -> name.endsWith("00000000") ? files(FIRST + CHECKSUM) : files());

    assertThat(wal.firstMissing(List.of(FIRST, SECOND))).contains(SECOND);
  }

  private static List<RepositoryFile> files(String... names) {
    return Stream.of(names).map(name -> new RepositoryFile(name, "file", 1, 0)).toList();
  }

  private static BackupWalWait wal(RepositoryWal.Directory directory) {
    return new BackupWalWait(
        new RepositoryWal(directory), _ -> {}, Duration.ofMillis(200), Duration.ofMillis(10));
  }
}
