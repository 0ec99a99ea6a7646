package com.dalibo.pgbackrest.sidecar.walrestore;

import com.dalibo.pgbackrest.postgres.Lsn;
import com.dalibo.pgbackrest.postgres.TimelineHistory;
import com.dalibo.pgbackrest.postgres.WalFile;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.failure.RepositoriesException;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The timelines that the one which PostgreSQL follows has left.
///
/// Where a segment is not there, PostgreSQL asks at once for that of the same number of each
/// timeline before (`XLogFileReadAnyTLI` in xlogrecovery.c). A former primary may have archived it
/// whole, with what it wrote after it was left. What is followed is known from the histories that
/// PostgreSQL has read, which it keeps in its WAL directory.
record LeftTimelines(Path pgData, ArchivedHistories archived) {
  private static final int TIMELINE_DIGITS = 8;

  /// Where a timeline was left.
  ///
  /// @param by the timeline that left it
  record Departure(int by, Lsn position) {
    /// The segment of the same number on that timeline.
    String segment(WalFile file) {
      return "%08X%s".formatted(by, file.name().substring(TIMELINE_DIGITS));
    }
  }

  /// Where the timeline of a segment was left, if that is before the end of the segment.
  ///
  /// @param later those of its WAL directory
  /// @param before what PostgreSQL asked for before it
  Optional<Departure> within(
      StanzaSession session,
      AskedSegment asked,
      List<TimelineHistory> later,
      Optional<WalFile> before)
      throws RepositoriesException, PreconditionException, IOException, InterruptedException {
    var followed = followed(asked, later, before);
    if (followed.flatMap(history -> departure(asked, history)).isEmpty()) {
      return Optional.empty();
    }
    // One of an earlier life of this data directory is none of the archive that it follows now.
    return archived
        .of(session, followed.get().timeline())
        .flatMap(history -> departure(asked, history));
  }

  /// The history that PostgreSQL follows. It is one that has the timeline of which it has just
  /// asked for the same segment, also where it has gone past the fork in its own WAL directory;
  /// where nothing is known of that, of those that it may follow the one that leaves later is
  /// believed.
  static Optional<TimelineHistory> followed(
      AskedSegment asked, List<TimelineHistory> later, Optional<WalFile> before) {
    var named =
        before
            .filter(newer -> isSame(newer, asked.file()) && newer.timeline() > asked.timeline())
            .map(
                newer ->
                    later.stream()
                        .filter(history -> has(history, newer) && asked.isOfAncestor(history))
                        .toList())
            .orElse(List.of());
    return (named.isEmpty() ? later.stream().filter(asked::mayLeadTo).toList() : named)
        .stream().max(Comparator.comparing(history -> history.end(asked.timeline()).orElseThrow()));
  }

  private static boolean isSame(WalFile one, WalFile other) {
    return one.name().substring(TIMELINE_DIGITS).equals(other.name().substring(TIMELINE_DIGITS));
  }

  private static boolean has(TimelineHistory history, WalFile segment) {
    return history.timeline() == segment.timeline() || history.end(segment.timeline()).isPresent();
  }

  private static Optional<Departure> departure(AskedSegment asked, TimelineHistory history) {
    return history
        .end(asked.timeline())
        .filter(position -> position.compareTo(asked.end()) < 0)
        .map(position -> new Departure(history.after(asked.timeline()), position));
  }

  /// Later timelines of which PostgreSQL has the history, the newest first; none where there is no
  /// WAL directory.
  List<TimelineHistory> later(int timeline) throws IOException {
    var found = new ArrayList<TimelineHistory>();
    try (var files = Files.newDirectoryStream(pgData.resolve("pg_wal"), "*.history")) {
      for (var file : files) {
        read(file).filter(history -> history.timeline() > timeline).ifPresent(found::add);
      }
    } catch (NoSuchFileException _) {
      return List.of();
    }
    found.sort(Comparator.comparingInt(TimelineHistory::timeline).reversed());
    return found;
  }

  private static Optional<TimelineHistory> read(Path file) throws IOException {
    try {
      var name = WalFile.parse(file.getFileName().toString());
      return Optional.of(TimelineHistory.parse(name.timeline(), Files.readString(file)));
    } catch (IllegalArgumentException _) {
      // It is being written, or none of PostgreSQL's.
      return Optional.empty();
    }
  }
}
