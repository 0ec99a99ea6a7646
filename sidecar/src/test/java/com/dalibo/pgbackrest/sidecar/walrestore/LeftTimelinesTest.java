package com.dalibo.pgbackrest.sidecar.walrestore;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.postgres.ControlFile;
import com.dalibo.pgbackrest.postgres.Lsn;
import com.dalibo.pgbackrest.postgres.TimelineHistory;
import com.dalibo.pgbackrest.postgres.WalFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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

  /// Timeline 3 leaves before timeline 2, which nobody follows any more, and in the same segment.
  @Test
  void thatOfTheSegmentIsFollowedThatWasAskedForBefore() {
    var dead = TimelineHistory.parse(2, "1\t0/B800000\tno reason\n");
    var followed = TimelineHistory.parse(3, "1\t0/B000100\tno reason\n");
    var later = List.of(followed, dead);
    var asked = asked("00000001000000000000000B", 1, "0/A000100");

    assertThat(LeftTimelines.followed(asked, later, before("00000003000000000000000B")))
        .contains(followed);
    assertThat(LeftTimelines.followed(asked, later, before("00000002000000000000000B")))
        .contains(dead);
    for (var nothing : List.of("00000001000000000000000A", "00000003000000000000000A")) {
      assertThat(LeftTimelines.followed(asked, later, before(nothing))).contains(dead);
    }
    assertThat(LeftTimelines.followed(asked, later, Optional.empty())).contains(dead);
  }

  @Test
  void whatLeftBeforeWhatIsReplayedIsNotFollowed() {
    var later = List.of(TimelineHistory.parse(2, "1\t0/B000100\tno reason\n"));

    assertThat(followed(later, "00000001000000000000000B", 1, "0/A000100")).isPresent();
    assertThat(followed(later, "00000001000000000000000B", 1, "0/B000200")).isEmpty();
    assertThat(followed(later, "00000001000000000000000C", 1, "0/A000100")).isEmpty();
    // A recovery that begins on timeline 2 asks for this one as well.
    assertThat(followed(later, "00000001000000000000000C", 2, "0/C000100")).isPresent();
  }

  /// It has read the segment of the fork from its own WAL directory, as in a volume snapshot.
  @Test
  void thatOfWhichTheSameSegmentWasAskedForIsFollowedAlsoPastItsFork() {
    var later = List.of(TimelineHistory.parse(2, "1\t0/B000100\tno reason\n"));
    var asked = asked("00000001000000000000000C", 1, "0/A000100");

    assertThat(LeftTimelines.followed(asked, later, before("00000002000000000000000C")))
        .isPresent();
    assertThat(LeftTimelines.followed(asked, later, before("00000001000000000000000B"))).isEmpty();
  }

  /// What it left is all of the next segment.
  @Test
  void aTimelineThatLeavesBetweenTwoSegmentsMayBeFollowed() {
    var later = List.of(TimelineHistory.parse(2, "1\t0/B000000\tno reason\n"));

    assertThat(followed(later, "00000001000000000000000B", 1, "0/A000100")).isPresent();
    assertThat(followed(later, "00000001000000000000000C", 1, "0/A000100")).isEmpty();
  }

  private static Optional<TimelineHistory> followed(
      List<TimelineHistory> later, String segment, int timeline, String checkpoint) {
    return LeftTimelines.followed(asked(segment, timeline, checkpoint), later, Optional.empty());
  }

  private static AskedSegment asked(String segment, int timeline, String checkpoint) {
    return new AskedSegment(
        WalFile.parse(segment),
        new ControlFile(
            1,
            1800,
            202506291,
            ControlFile.State.IN_ARCHIVE_RECOVERY,
            Lsn.parse(checkpoint),
            timeline,
            1 << 24));
  }

  private static Optional<WalFile> before(String segment) {
    return Optional.of(WalFile.parse(segment));
  }
}
