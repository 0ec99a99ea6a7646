package com.dalibo.pgbackrest.sidecar.walrestore;

import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.info.StanzaInfo;
import com.dalibo.pgbackrest.postgres.ControlFile;
import com.dalibo.pgbackrest.postgres.TargetTimeline;
import com.dalibo.pgbackrest.postgres.TimelineHistory;
import com.dalibo.pgbackrest.postgres.Timelines;
import com.dalibo.pgbackrest.postgres.WalFile;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.failure.RepositoriesException;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.sidecar.wal.Archives;
import com.dalibo.pgbackrest.sidecar.wal.RecoveryPath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The WAL that all repositories together have for the PostgreSQL that recovers here.
record WalAhead(Path pgData, ArchivedHistories histories) {
  /// What a repository has of the WAL that is to be replayed after a segment that none has.
  Optional<String> after(WalFile segment, StanzaSession session, TargetTimeline timeline)
      throws PgBackRestException,
          RepositoriesException,
          PreconditionException,
          IOException,
          InterruptedException {
    var control = ControlFile.read(pgData);
    var archives = archives(segment, session, control);
    if (!archives.goBeyond(segment.name())) {
      return Optional.empty();
    }
    var archived = archives.histories();
    var size = control.walSegmentSize();
    var asked = new AskedSegment(segment, control);
    for (var followed : candidates(segment, timeline, archived)) {
      var history = history(segment, session, followed);
      if (asked.mayLeadTo(history)) {
        return RecoveryPath.after(segment.name(), archives, Timelines.to(history), followed, size);
      }
    }
    return RecoveryPath.after(segment.name(), archives, Timelines.NONE, segment.timeline(), size);
  }

  /// The timelines that the recovery may be on its way to, the one that it would begin with first:
  /// what has been archived since it began, and left before what is here, is not followed.
  private static List<Integer> candidates(
      WalFile segment, TargetTimeline timeline, Set<Integer> archived) {
    var last = timeline.last(segment.timeline(), archived);
    var first = timeline instanceof TargetTimeline.Latest ? segment.timeline() + 1 : last;
    return archived.stream()
        .filter(later -> later > segment.timeline() && later >= first && later <= last)
        .sorted(Comparator.reverseOrder())
        .toList();
  }

  private TimelineHistory history(WalFile segment, StanzaSession session, int timeline)
      throws RepositoriesException, PreconditionException, IOException, InterruptedException {
    return histories
        .of(session, timeline)
        .orElseThrow(
            () ->
                new RepositoriesException(
                    "cannot determine whether WAL after '%s' is in stanza '%s': the history of timeline %d was there a moment ago and no longer is"
                        .formatted(segment, session.stanza().name(), timeline),
                    true,
                    null));
  }

  private static Archives archives(WalFile segment, StanzaSession session, ControlFile control)
      throws PgBackRestException, RepositoriesException, InterruptedException {
    var info = session.pgBackRest().info().stanza(session.configuration().stanza());
    if (info.isEmpty()) {
      return new Archives(session, List.of());
    }
    requireAnswers(segment, session, info.get());
    return new Archives(
        session, info.get().archives(control.systemIdentifier(), control.majorVersion()));
  }

  private static void requireAnswers(WalFile segment, StanzaSession session, StanzaInfo info)
      throws RepositoriesException {
    for (var repository : info.repositories()) {
      if (!repository.readable()) {
        throw new RepositoriesException(
            "cannot determine whether WAL after '%s' is in repository %s of stanza '%s': %s"
                .formatted(
                    segment,
                    session.repository(repository.key()).label(),
                    session.stanza().name(),
                    repository.message()),
            repository.isTransient(),
            null);
      }
    }
  }
}
