package com.dalibo.pgbackrest.sidecar.wal;

import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.info.ArchiveInfo;
import com.dalibo.pgbackrest.info.BackupInfo;
import com.dalibo.pgbackrest.info.StanzaInfo;
import com.dalibo.pgbackrest.postgres.Lsn;
import com.dalibo.pgbackrest.postgres.TargetTimeline;
import com.dalibo.pgbackrest.postgres.TimelineHistory;
import com.dalibo.pgbackrest.postgres.Timelines;
import com.dalibo.pgbackrest.postgres.WalFile;
import com.dalibo.pgbackrest.postgres.WalRange;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The WAL that a recovery goes through, from its backup to the end of all archives together.
///
/// @param segments in the order of the replay
/// @param missing those that are in no repository
/// @param segmentSize in bytes
/// @param isWhole whether it goes to the end; a very long one is cut
/// @param reach what is replayed
public record RecoveryPath(
    List<String> segments, List<String> missing, int segmentSize, boolean isWhole, Reach reach) {
  /// 40 listings of a directory; 160 GiB of WAL.
  private static final int MOST = 10_240;

  /// What is replayed before the end or the first gap. Where the first segment of a timeline is not
  /// there, PostgreSQL takes that of the same number of a timeline before, which has the same
  /// records up to where it was left.
  ///
  /// @param segments in the order of the replay
  /// @param left where the last of them was left; what follows in it is not replayed
  public record Reach(List<String> segments, Optional<Lsn> left) {}

  /// Empty where the backup does not say which WAL it needs.
  public static Optional<RecoveryPath> of(
      StanzaSession session,
      StanzaInfo info,
      Timelines timelines,
      BackupInfo backup,
      TargetTimeline target)
      throws PgBackRestException, PreconditionException, InterruptedException {
    var start = backup.archiveStart();
    var size = info.segmentSize(backup);
    if (start == null || size.isEmpty()) {
      return Optional.empty();
    }
    var archives = new Archives(session, readable(info, backup));
    var timeline = WalFile.parse(start).timeline();
    var last = timelines.last(timeline, target);
    var end = end(archives, timelines, timeline, last, size.getAsInt());
    if (end.isEmpty()) {
      return Optional.empty();
    }
    var expected = segments(timelines, start, end.get(), size.getAsInt());
    var isWhole = expected.size() <= MOST;
    var looked = isWhole ? expected : expected.subList(0, MOST);
    var missing = archives.missing(looked);
    return Optional.of(
        new RecoveryPath(
            looked,
            missing,
            size.getAsInt(),
            isWhole,
            reach(archives, timelines, timeline, last, looked, missing, size.getAsInt())));
  }

  private static Reach reach(
      Archives archives,
      Timelines timelines,
      int first,
      int last,
      List<String> segments,
      List<String> missing,
      int segmentSize)
      throws PgBackRestException, InterruptedException {
    var reached = new ArrayList<>(segments);
    if (!missing.isEmpty()) {
      reached.subList(segments.indexOf(missing.getFirst()), segments.size()).clear();
    }
    if (!missing.isEmpty()) {
      var before = reached.isEmpty() ? first : WalFile.parse(reached.getLast()).timeline();
      var instead =
          instead(before, WalFile.parse(missing.getFirst()), timelines, last, segmentSize);
      archives.first(instead).ifPresent(reached::add);
    }
    if (reached.isEmpty()) {
      return new Reach(List.of(), Optional.empty());
    }
    return new Reach(List.copyOf(reached), left(timelines, reached.getLast(), last, segmentSize));
  }

  /// What PostgreSQL asks for in place of a segment: that of the timelines before, down to the one
  /// that it has replayed last (`XLogFileReadAnyTLI` in xlogrecovery.c), which were not left
  /// before.
  private static List<String> instead(
      int before, WalFile missing, Timelines timelines, int last, int segmentSize) {
    var number = missing.segmentNumber(segmentSize);
    var begin = new Lsn(missing.end(segmentSize).value() - segmentSize);
    return backwards(timelines, before, last).stream()
        .filter(timeline -> timeline < missing.timeline())
        .filter(
            timeline ->
                fork(timelines, timeline, last).filter(end -> end.compareTo(begin) > 0).isPresent())
        .map(timeline -> WalFile.segment(timeline, number, segmentSize))
        .toList();
  }

  /// The next segment of the path that a repository has, after one that none has. Empty where the
  /// WAL ends there, and where that one is not on the path: PostgreSQL also asks for segments that
  /// there never were, of timelines that begin later or were left before.
  ///
  /// @param timelines to the last one
  /// @param segmentSize in bytes
  public static Optional<String> after(
      String missing, Archives archives, Timelines timelines, int last, int segmentSize)
      throws PgBackRestException, InterruptedException {
    var end = end(archives, timelines, WalFile.parse(missing).timeline(), last, segmentSize);
    if (end.isEmpty()) {
      return end;
    }
    var path = segments(timelines, missing, end.get(), segmentSize);
    return path.size() > 1 && path.getFirst().equals(missing)
        ? archives.first(path.subList(1, path.size())).or(() -> end)
        : Optional.empty();
  }

  private static List<String> segments(
      Timelines timelines, String first, String last, int segmentSize) {
    return timelines.segments(first, last, segmentSize).stream()
        .flatMap(WalRange::segments)
        .limit(MOST + 1L)
        .toList();
  }

  private static List<ArchiveInfo> readable(StanzaInfo info, BackupInfo backup) {
    return info.archives(backup).stream()
        .filter(
            archive ->
                info.repository(archive.repositoryKey())
                    .filter(state -> state.readable())
                    .isPresent())
        .toList();
  }

  /// The newest segment of the last timeline or, where nothing of that is archived, of the one that
  /// it left, up to there.
  private static Optional<String> end(
      Archives archives, Timelines timelines, int first, int last, int segmentSize)
      throws PgBackRestException, InterruptedException {
    for (var timeline : backwards(timelines, first, last)) {
      var newest =
          archives.last(
              timeline,
              fork(timelines, timeline, last)
                  .map(end -> WalFile.segmentAt(timeline, new Lsn(end.value() - 1), segmentSize)));
      if (newest.isPresent()) {
        return newest;
      }
    }
    return Optional.empty();
  }

  /// Where a timeline was left on the way to the last one.
  private static Optional<Lsn> fork(Timelines timelines, int timeline, int last) {
    return Optional.ofNullable(timelines.histories().get(last))
        .flatMap(history -> history.end(timeline));
  }

  private static Optional<Lsn> left(
      Timelines timelines, String segment, int last, int segmentSize) {
    var file = WalFile.parse(segment);
    return fork(timelines, file.timeline(), last)
        .filter(end -> end.compareTo(file.end(segmentSize)) < 0);
  }

  /// The last timeline and its ancestors, down to the first.
  private static List<Integer> backwards(Timelines timelines, int first, int last) {
    var all = new ArrayList<Integer>();
    all.add(last);
    Optional.ofNullable(timelines.histories().get(last))
        .map(TimelineHistory::branches)
        .orElse(List.of())
        .reversed()
        .forEach(branch -> all.add(branch.timeline()));
    var from = all.indexOf(first);
    return from < 0 ? List.of(last) : all.subList(0, from + 1);
  }

  /// What is missing, in the order of the replay.
  public List<WalGap> gaps() {
    return WalGap.of(segments, missing);
  }
}
