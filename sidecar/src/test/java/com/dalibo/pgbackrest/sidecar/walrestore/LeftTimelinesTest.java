package com.dalibo.pgbackrest.sidecar.walrestore;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.postgres.TimelineHistory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftTimelinesTest {
  @TempDir private Path pgData;
  private LeftTimelines timelines;

  @BeforeEach
  void begin() {
    timelines = new LeftTimelines(pgData, new ArchivedHistories(pgData, null));
  }

  @Test
  void withoutADataDirectoryThereIsNone() throws IOException {
    assertThat(timelines.later(1)).isEmpty();
  }

  @Test
  void thoseThatHaveAHistoryAreLater() throws IOException {
    var directory = Files.createDirectory(pgData.resolve("pg_wal"));
    Files.writeString(directory.resolve("00000002.history"), "1\t0/B000100\tno reason\n");
    Files.writeString(
        directory.resolve("00000003.history"), "1\t0/B000100\tno reason\n2\t0/C000000\tno\n");
    Files.writeString(directory.resolve("00000004.history"), "being written");
    Files.writeString(directory.resolve("other.history"), "");
    Files.writeString(directory.resolve("000000010000000000000009"), "");

    assertThat(timelines.later(1)).extracting(TimelineHistory::timeline).containsExactly(3, 2);
    assertThat(timelines.later(2)).extracting(TimelineHistory::timeline).containsExactly(3);
    assertThat(timelines.later(3)).isEmpty();
  }
}
