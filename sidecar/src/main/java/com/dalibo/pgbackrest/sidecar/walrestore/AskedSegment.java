package com.dalibo.pgbackrest.sidecar.walrestore;

import com.dalibo.pgbackrest.postgres.ControlFile;
import com.dalibo.pgbackrest.postgres.Lsn;
import com.dalibo.pgbackrest.postgres.TimelineHistory;
import com.dalibo.pgbackrest.postgres.WalFile;

/// A segment that PostgreSQL asks for, with what its control file says.
record AskedSegment(WalFile file, ControlFile control) {
  int timeline() {
    return file.timeline();
  }

  Lsn begin() {
    return new Lsn(end().value() - control.walSegmentSize());
  }

  Lsn end() {
    return file.end(control.walSegmentSize());
  }

  /// Whether PostgreSQL may be on its way from here to the timeline of a history. It also finds,
  /// and keeps, the history of a timeline that it does not follow, as that left before what has
  /// been replayed: before the last checkpoint, or before this segment, which it asks for when it
  /// has replayed the one before. Only where it begins on a later timeline it asks for one that it
  /// has not come to.
  boolean mayLeadTo(TimelineHistory history) {
    return isOfAncestor(history)
        && (control.timeline() > timeline()
            || history.end(timeline()).orElseThrow().compareTo(begin()) >= 0);
  }

  /// Whether it is of a timeline that the one of a history has left, after the last checkpoint.
  boolean isOfAncestor(TimelineHistory history) {
    return history.end(timeline()).isPresent()
        && history.contains(control.timeline(), control.checkpoint());
  }
}
