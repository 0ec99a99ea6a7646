package com.dalibo.pgbackrest.sidecar.choice;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.postgres.TargetTimeline;
import com.dalibo.pgbackrest.postgres.TimelineHistory;
import com.dalibo.pgbackrest.postgres.Timelines;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HistoryFilesTest {
  private static final Timelines ARCHIVED =
      Timelines.of(
          Stream.of(2, 3, 4, 6, 26)
              .map(timeline -> new TimelineHistory(timeline, List.of()))
              .toList());

  @Test
  void theNewestTimelineIsTheLastBeforeAGap() {
    assertThat(HistoryFiles.between(1, new TargetTimeline.Latest(), ARCHIVED).names())
        .containsExactly("00000002.history", "00000003.history", "00000004.history");
  }

  @Test
  void theTimelineOfTheBackupHasAHistoryToo() {
    assertThat(HistoryFiles.between(3, new TargetTimeline.Latest(), ARCHIVED).names())
        .containsExactly("00000003.history", "00000004.history");
  }

  @Test
  void nothingIsPlacedBeyondATargetTimeline() {
    assertThat(HistoryFiles.between(1, new TargetTimeline.Numbered(3), ARCHIVED).names())
        .containsExactly("00000002.history", "00000003.history");
  }

  @Test
  void theCurrentTimelineIsThatOfTheBackup() {
    assertThat(HistoryFiles.between(26, new TargetTimeline.Current(), ARCHIVED).names())
        .containsExactly("0000001A.history");
  }

  @Test
  void theFirstTimelineHasNoHistory() {
    assertThat(HistoryFiles.between(1, new TargetTimeline.Current(), ARCHIVED).names()).isEmpty();
  }
}
