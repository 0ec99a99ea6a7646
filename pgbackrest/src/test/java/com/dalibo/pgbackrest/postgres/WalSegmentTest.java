package com.dalibo.pgbackrest.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Segments of two pages, as PostgreSQL's `xlog_internal.h` and `xlogrecord.h` have them.
@Timeout(10)
class WalSegmentTest {
  private static final int PAGE = 8192;
  private static final int PAGE_HEADER = 24;
  private static final int RECORD_HEADER = 24;
  private static final int COMMIT = 34;
  private static final long START = 0x4000000;
  private static final Instant TEN = Instant.parse("2026-11-28T10:00:00Z");
  private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");

  @TempDir private Path directory;

  private final ByteBuffer segment =
      ByteBuffer.allocate(2 * PAGE)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putLong(8, START)
          .putInt(36, PAGE)
          .putLong(PAGE + 8, START + PAGE);

  @Test
  void theLatestCommitCountsAlsoWhereTheClockWentBack() throws IOException {
    commit(40, NOON);
    commit(80, TEN);

    assertThat(WalSegment.lastTransaction(file())).contains(NOON);
  }

  @Test
  void whatIsNoTransactionIsPassedOver() throws IOException {
    record(40, 5000, 10, 0);
    commit(5040, TEN);

    assertThat(WalSegment.lastTransaction(file())).contains(TEN);
  }

  @Test
  void aSegmentWithoutTransactionsHasNone() throws IOException {
    record(40, 100, 10, 0);

    assertThat(WalSegment.lastTransaction(file())).isEmpty();
  }

  @Test
  void aRecordGoesOnBehindTheHeaderOfTheNextPage() throws IOException {
    record(40, PAGE - 40 + 96, 10, 0);
    commit(PAGE + PAGE_HEADER + 96, TEN);

    assertThat(WalSegment.lastTransaction(file())).contains(TEN);
  }

  @Test
  void aRecordInWhichPostgresCrashedHidesNothingBehindIt() throws IOException {
    commit(40, TEN);
    record(80, PAGE, 10, 0);
    segment.putShort(PAGE + 2, (short) 8);
    commit(PAGE + PAGE_HEADER, NOON);

    assertThat(WalSegment.lastTransaction(file())).contains(NOON);
  }

  @Test
  void aCommitThatGoesOnInTheNextSegmentIsNotTakenForTheEnd() throws IOException {
    record(40, PAGE - 40 + PAGE - PAGE_HEADER - 32, 10, 0);
    commitHeader(2 * PAGE - 32);

    assertThatThrownBy(() -> WalSegment.lastTransaction(file()))
        .isInstanceOf(IOException.class)
        .hasMessage("the record at %d goes on in the next segment", 2 * PAGE - 32);
  }

  @Test
  void aLengthThatNoRecordHasIsAnError() throws IOException {
    commit(40, TEN);
    segment.putInt(80, Integer.MAX_VALUE);

    assertThatThrownBy(() -> WalSegment.lastTransaction(file()))
        .isInstanceOf(IOException.class)
        .hasMessage("the WAL has a record of 2147483647 bytes at 80");
  }

  @Test
  void whatIsNoSegmentIsAnError() throws IOException {
    segment.putInt(36, 7);

    assertThatThrownBy(() -> WalSegment.lastTransaction(file()))
        .hasMessage("a WAL segment with pages of 7 bytes");
    var empty = Files.createFile(directory.resolve("empty"));
    assertThatThrownBy(() -> WalSegment.lastTransaction(empty))
        .hasMessage("'%s' is too short for a WAL segment", empty);
  }

  @Test
  void aPageOfAnEarlierUseOfTheFileIsTheEnd() throws IOException {
    record(40, PAGE - 40, 10, 0);
    segment.putLong(PAGE + 8, START - 2 * PAGE);
    commit(PAGE + PAGE_HEADER, NOON);

    assertThat(WalSegment.lastTransaction(file())).isEmpty();
  }

  private void commit(int at, Instant ended) {
    commitHeader(at);
    segment.put(at + RECORD_HEADER, (byte) 255).put(at + RECORD_HEADER + 1, (byte) 8);
    var since = Duration.between(Instant.parse("2000-01-01T00:00:00Z"), ended);
    segment.putLong(at + RECORD_HEADER + 2, since.toSeconds() * 1_000_000);
  }

  private void commitHeader(int at) {
    record(at, COMMIT, 1, 0);
  }

  private void record(int at, int length, int manager, int info) {
    segment.putInt(at, length).put(at + 16, (byte) info).put(at + 17, (byte) manager);
  }

  private Path file() throws IOException {
    return Files.write(directory.resolve("000000010000000000000004"), segment.array());
  }
}
