package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.program.Online;
import com.dalibo.pgbackrest.program.PgBackRestException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// Makes the stanza in a repository that has none yet. What is there already is left.
///
/// A stanza that is made by half takes WAL and no backups (see [HalfMadeStanza]), and it is mended
/// only as long as it has no WAL. So each is marked until it is whole, by a file that outlives the
/// process, and whoever archives finishes those that are marked first.
final class StanzaCreation {
  private static final Log log = Log.named("stanza");

  private final Path locks;
  private final Path marks;

  /// @param directory that nothing else uses, and that outlives the process
  StanzaCreation(Path directory) {
    this.locks = directory.resolve("lock");
    this.marks = directory.resolve("begun");
  }

  /// PostgreSQL need not run: its control file says all that is needed. A backup into another
  /// repository may run for hours, and archiving cannot wait for it.
  synchronized void create(StanzaSession session, int repository)
      throws PgBackRestException, IOException, InterruptedException {
    var mark = mark(session, repository);
    Files.createDirectories(marks);
    Files.writeString(mark, "");
    finish(new FutureTask<>(() -> createWhole(session, repository, mark)));
    log.info("created the stanza", session.names(session.repository(repository)));
  }

  /// The repositories where a stanza was begun, here, and may not be whole.
  List<Integer> begun(StanzaSession session) {
    return session.numbers().stream()
        .filter(repository -> Files.exists(mark(session, repository)))
        .toList();
  }

  private Path mark(StanzaSession session, int repository) {
    return marks.resolve("%s-repo%d".formatted(session.stanza().name(), repository));
  }

  private boolean createWhole(StanzaSession session, int repository, Path mark)
      throws PgBackRestException, IOException, InterruptedException {
    var program = session.pgBackRest(repository);
    try {
      program.stanzaCreate(Online.NO, locks);
    } catch (PgBackRestException refusal) {
      if (!HalfMadeStanza.isCauseOf(refusal)) {
        throw refusal;
      }
      var half = new HalfMadeStanza(program, repository);
      if (!half.isEmpty()) {
        // WAL is all it can take, and more of it spoils nothing.
        Files.delete(mark);
        throw half.explained(refusal);
      }
      half.remove();
      log.warn(
          "removed a stanza that was made by half, with nothing in it",
          session.names(session.repository(repository)));
      program.stanzaCreate(Online.NO, locks);
    }
    Files.delete(mark);
    return true;
  }

  /// Whoever stops waiting for a backup does not stop this in the middle.
  private static void finish(FutureTask<Boolean> creation)
      throws PgBackRestException, IOException, InterruptedException {
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
        case IOException failure -> throw failure;
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
