package com.dalibo.pgbackrest.sidecar.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.command.RepositoryFile;
import com.dalibo.pgbackrest.process.LogLine;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.wal.RepositoryWal;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class BackupWalTest {
  private static final String ARCHIVE = "17-1";
  private static final String FIRST = "000000010000000000000002";
  private static final String LAST = "000000010000000000000003";
  private static final String CHECKSUM = "-63a82aa8d81d5452ed244e527f0b7ec68fda3a8a";

  private final Set<String> archived = new ConcurrentSkipListSet<>();
  private final AtomicInteger looks = new AtomicInteger();
  private final CountDownLatch looked = new CountDownLatch(1);
  private final BackupWal wal =
      new BackupWal(
          1 << 24,
          _ ->
              new BackupWalWait(
                  new RepositoryWal(this::list),
                  _ -> {},
                  Duration.ofMillis(200),
                  Duration.ofMillis(10)));

  private List<RepositoryFile> list(String directory) {
    looks.incrementAndGet();
    looked.countDown();
    return archived.stream().map(name -> new RepositoryFile(name, "file", 1, 0)).toList();
  }

  @AfterEach
  void close() {
    wal.close();
  }

  @Test
  void itsWalIsAwaitedAsSoonAsItsEndIsLogged() throws Exception {
    archive(FIRST, LAST);

    log(FIRST, LAST);
    looked.await();

    assertThat(wal.firstMissing(ARCHIVE, List.of(FIRST, LAST))).isEmpty();
    assertThat(looks).hasValue(1);
  }

  @Test
  void aSegmentThatWasNotLoggedIsLookedFor() throws Exception {
    archive(FIRST);

    log(FIRST, FIRST);
    looked.await();

    assertThat(wal.firstMissing(ARCHIVE, List.of(FIRST, LAST))).contains(LAST);
  }

  @Test
  void anotherArchiveIsAskedItself() throws Exception {
    archive(FIRST, LAST);

    log(FIRST, LAST);
    looked.await();

    assertThat(wal.firstMissing("18-2", List.of(FIRST, LAST))).isEmpty();
    assertThat(looks).hasValue(2);
  }

  @Test
  void withoutALogItsWalIsLookedFor() throws Exception {
    archive(FIRST);

    assertThat(wal.firstMissing(ARCHIVE, List.of(FIRST, LAST))).contains(LAST);
  }

  @Test
  void aSegmentThatDoesNotArriveIsNamed() throws Exception {
    archive(FIRST);

    log(FIRST, LAST);

    assertThat(wal.firstMissing(ARCHIVE, List.of(FIRST, LAST))).contains(LAST);
  }

  @Test
  void whatTheEarlyLookRefusesIsRefused() {
    archive(FIRST);
    archived.add(LAST + CHECKSUM);
    archived.add(LAST + CHECKSUM.replace('6', '7'));

    log(FIRST, LAST);

    assertThatThrownBy(() -> wal.firstMissing(ARCHIVE, List.of(FIRST, LAST)))
        .isInstanceOf(PreconditionException.class)
        .hasMessageContaining("2 times");
  }

  private void archive(String... segments) {
    Stream.of(segments).map(segment -> segment + CHECKSUM).forEach(archived::add);
  }

  private void log(String start, String stop) {
    var reader = wal.expectedIn(ARCHIVE);
    for (var text :
        List.of(
            "backup start archive = %s, lsn = 0/2000028".formatted(start),
            "backup file /pgdata/base/1/1259 (96KB, 0.43%) checksum 0c4c",
            "backup stop archive = %s, lsn = 0/3000120".formatted(stop))) {
      reader.accept(new LogLine(LogLine.Level.INFO, 0, text));
    }
  }
}
