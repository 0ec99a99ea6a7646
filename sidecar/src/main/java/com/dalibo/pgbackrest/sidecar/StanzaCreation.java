package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.program.Online;
import com.dalibo.pgbackrest.program.PgBackRestException;
import com.dalibo.pgbackrest.program.RepositoryInfo;
import com.dalibo.pgbackrest.program.StatusCode;
import com.dalibo.pgbackrest.stanza.Repository;
import com.dalibo.pgbackrest.stanza.RepositoryIdentity;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// Makes the stanza in a repository that has none yet. What is there already is left.
///
/// A stanza that is made by half takes WAL and no backups (see [HalfMadeStanza]), and can be mended
/// only as long as it has no WAL. So a creation that fails leaves nothing behind, and a process
/// looks for what another one has begun before its first push.
final class StanzaCreation {
  private static final Duration PAUSE = Duration.ofMinutes(1);
  private static final Log log = Log.named("stanza");

  private final Path locks;

  /// Nothing is pushed while a stanza is made.
  private final ReadWriteLock pushes = new ReentrantReadWriteLock();

  /// Where no stanza is made by half, as far as anything can be done about it.
  private final Set<RepositoryIdentity> known = ConcurrentHashMap.newKeySet();

  private final Map<RepositoryIdentity, Instant> notBefore = new ConcurrentHashMap<>();

  /// @param locks a directory that no other command uses
  StanzaCreation(Path locks) {
    this.locks = locks;
  }

  /// PostgreSQL need not run: its control file says all that is needed. A backup into another
  /// repository may run for hours, and archiving cannot wait for it.
  void create(StanzaSession session, int repository)
      throws PgBackRestException, InterruptedException {
    var identity = RepositoryIdentity.of(session.stanza(), session.repository(repository));
    known.remove(identity);
    notBefore.remove(identity);
    pushes.writeLock().lockInterruptibly();
    try {
      finish(
          new FutureTask<>(
              () -> {
                createWhole(session, repository, identity);
                return true;
              }));
    } finally {
      pushes.writeLock().unlock();
    }
    known.add(identity);
    log.info("created the stanza", session.names(session.repository(repository)));
  }

  /// Completes what another process has begun, or an earlier try of this one. What cannot be looked
  /// at takes no WAL either.
  void completeBegun(StanzaSession session) throws InterruptedException {
    for (var repository : session.repositories()) {
      var identity = RepositoryIdentity.of(session.stanza(), repository);
      var now = Instant.now();
      if (!known.contains(identity) && !now.isBefore(notBefore.getOrDefault(identity, now))) {
        notBefore.put(identity, now.plus(PAUSE));
        completeBegun(session, repository, identity);
      }
    }
  }

  private void completeBegun(
      StanzaSession session, Repository repository, RepositoryIdentity identity)
      throws InterruptedException {
    try {
      var state = state(session, repository);
      if (state == StatusCode.OTHER) {
        return;
      }
      var isBegun =
          switch (state) {
            case MISSING_STANZA_DATA -> true;
            // An object store has no directory where nothing is in it, and `info` looks for
            // backups.
            case MISSING_STANZA_PATH -> half(session, repository.index()).isBegun();
            case OK, NO_VALID_BACKUP, DIFFERENT, BACKUP_NOT_FOUND, OTHER -> false;
          };
      if (isBegun) {
        create(session, repository.index());
      } else {
        known.add(identity);
      }
    } catch (PgBackRestException trouble) {
      log.warn(
          "a stanza that was begun is not whole",
          session.names(repository, "cause", trouble.getMessage()));
    }
  }

  private static StatusCode state(StanzaSession session, Repository repository)
      throws PgBackRestException, InterruptedException {
    return session
        .info(repository.index())
        .flatMap(info -> info.repository(repository.index()))
        .map(RepositoryInfo::code)
        .orElse(StatusCode.MISSING_STANZA_PATH);
  }

  private static HalfMadeStanza half(StanzaSession session, int repository) {
    return new HalfMadeStanza(session.pgBackRest(repository), repository);
  }

  /// Pushes while no stanza is being made.
  <T> T push(Callable<T> push) throws Exception {
    pushes.readLock().lockInterruptibly();
    try {
      return push.call();
    } finally {
      pushes.readLock().unlock();
    }
  }

  private void createWhole(StanzaSession session, int repository, RepositoryIdentity identity)
      throws PgBackRestException, InterruptedException {
    var program = session.pgBackRest(repository);
    var half = half(session, repository);
    try {
      program.stanzaCreate(Online.NO, locks);
    } catch (PgBackRestException refusal) {
      if (!HalfMadeStanza.isCauseOf(refusal)) {
        removeQuietly(half);
        throw refusal;
      }
      if (!half.remove()) {
        known.add(identity);
        throw half.explained(refusal);
      }
      log.warn(
          "removed a stanza that was made by half, with nothing in it",
          session.names(session.repository(repository)));
      try {
        program.stanzaCreate(Online.NO, locks);
      } catch (PgBackRestException failure) {
        removeQuietly(half);
        throw failure;
      }
    }
  }

  private static void removeQuietly(HalfMadeStanza half) throws InterruptedException {
    try {
      var _ = half.remove();
    } catch (PgBackRestException trouble) {
      // It is looked for again before the next push.
      log.debug("what was begun is not removed", "cause", trouble.getMessage());
    }
  }

  /// Whoever stops waiting for a backup does not stop this in the middle.
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
