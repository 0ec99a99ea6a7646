package com.dalibo.pgbackrest.sidecar.backup;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Which segment this instance has archived last, so that nobody who waits for one has to look for
/// it again and again. It says when to look, and proves nothing.
public final class ArchivedSegments {
  private static final int TIMELINE_DIGITS = 8;
  private static final int DIGITS = 24;

  private String last = "";

  /// A WAL file is in all repositories.
  public synchronized void archived(String walFile) {
    if (walFile.length() == DIGITS) {
      last = walFile;
      notifyAll();
    }
  }

  /// Returns when this segment or a later one of its timeline was archived, or after this time.
  ///
  /// @return whether it was
  synchronized boolean await(String segment, Duration most) throws InterruptedException {
    var until = System.nanoTime() + most.toNanos();
    while (!isArchived(segment)) {
      var left = until - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return true;
  }

  private boolean isArchived(String segment) {
    return last.startsWith(segment.substring(0, TIMELINE_DIGITS)) && last.compareTo(segment) >= 0;
  }
}
