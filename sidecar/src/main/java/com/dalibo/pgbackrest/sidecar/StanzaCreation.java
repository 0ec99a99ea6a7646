package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.program.Online;
import com.dalibo.pgbackrest.program.PgBackRestException;
import java.nio.file.Path;

/// Makes the stanza in a repository that has none yet. What is there already is left.
final class StanzaCreation {
  private static final Log log = Log.named("stanza");

  private final Path locks;

  /// @param locks a directory that no other command uses
  StanzaCreation(Path locks) {
    this.locks = locks;
  }

  /// PostgreSQL need not run: its control file says all that is needed. A backup into another
  /// repository may run for hours, and archiving cannot wait for it.
  synchronized void create(StanzaSession session, int repository)
      throws PgBackRestException, InterruptedException {
    session.pgBackRest(repository).stanzaCreate(Online.NO, locks);
    log.info(
        "created the stanza",
        "stanza",
        session.stanza().name(),
        "repository",
        session.repository(repository).label());
  }
}
