package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.program.ErrorCode;
import com.dalibo.pgbackrest.program.Online;
import com.dalibo.pgbackrest.program.PgBackRestException;
import java.time.Duration;

/// Makes the stanza in a repository that has none yet. What is there already is left.
final class StanzaCreation {
  private static final int ATTEMPTS = 10;
  private static final Log log = Log.named("stanza");

  private final Duration pause;

  StanzaCreation(Duration pause) {
    this.pause = pause;
  }

  /// PostgreSQL need not run: its control file says all that is needed. A backup, or the
  /// asynchronous archiver, may hold the lock for a moment.
  void create(StanzaSession session, int repository)
      throws PgBackRestException, InterruptedException {
    for (var attempt = 1; ; attempt++) {
      try {
        session.pgBackRest(repository).stanzaCreate(Online.NO);
        log.info(
            "created the stanza",
            "stanza",
            session.stanza().name(),
            "repository",
            session.repository(repository).label());
        return;
      } catch (PgBackRestException failure) {
        if (failure.errorCode() != ErrorCode.LOCK_ACQUIRE || attempt == ATTEMPTS) {
          throw failure;
        }
        Thread.sleep(pause);
      }
    }
  }
}
