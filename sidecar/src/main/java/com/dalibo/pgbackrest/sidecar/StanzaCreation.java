package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.program.Online;
import com.dalibo.pgbackrest.program.PgBackRestException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

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
    finish(
        new FutureTask<>(
            () -> {
              session.pgBackRest(repository).stanzaCreate(Online.NO, locks);
              return true;
            }));
    log.info(
        "created the stanza",
        "stanza",
        session.stanza().name(),
        "repository",
        session.repository(repository).label());
  }

  /// A stanza that is made by half is one that pgBackRest refuses ever after, so whoever stops
  /// waiting for a backup does not stop this.
  private static void finish(FutureTask<Boolean> creation)
      throws PgBackRestException, InterruptedException {
    Thread.ofVirtual().name("stanza-create").start(creation);
    var interrupted = false;
    try {
      while (true) {
        try {
          var _ = creation.get();
          return;
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
    } catch (ExecutionException failed) {
      switch (failed.getCause()) {
        case PgBackRestException failure -> throw failure;
        case InterruptedException stopped -> throw stopped;
        case null, default -> throw new IllegalStateException(failed);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
