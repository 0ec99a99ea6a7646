package com.dalibo.pgbackrest.sidecar.stanza;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.info.RepositoryInfo;
import com.dalibo.pgbackrest.info.StatusCode;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.stanza.api.Repository;
import com.dalibo.pgbackrest.stanza.api.RepositoryIdentity;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// Makes the stanza in a repository that has none yet. What is there already is left.
///
/// It decides by the state of the repository, for which `info` is asked once before the first push
/// of this process. A stanza that is made by half takes WAL and no backups (see
/// [IncompleteStanza]), and can be completed only as long as it has no WAL: a creation that fails
/// leaves nothing behind, and what another process has begun is completed before the first push.
public final class StanzaCreation {
  private static final Duration PAUSE = Duration.ofMinutes(1);
  private static final Log log = Log.named("stanza");

  private final Path locks;

  /// Nothing is pushed while a stanza is made.
  private final ReadWriteLock pushes = new ReentrantReadWriteLock();

  /// Where a stanza is, and is not made by half as far as anything can be done about it.
  private final Set<RepositoryIdentity> known = ConcurrentHashMap.newKeySet();

  /// Where one is made by half, and could not be mended yet.
  private final Set<RepositoryIdentity> half = ConcurrentHashMap.newKeySet();

  private final Map<RepositoryIdentity, Instant> notBefore = new ConcurrentHashMap<>();

  /// A repository without a whole stanza, and why.
  public record Refusal(int repository, PgBackRestException failure) {}

  /// @param locks a directory that no other command uses
  public StanzaCreation(Path locks) {
    this.locks = locks;
  }

  /// PostgreSQL need not run: its control file says all that is needed. A backup into another
  /// repository may run for hours, and archiving cannot wait for it.
  public void create(StanzaSession session, int repository)
      throws PgBackRestException, InterruptedException {
    var identity = RepositoryIdentity.of(session.stanza(), session.repository(repository));
    known.remove(identity);
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
    settle(identity);
    log.info("created the stanza", session.names(session.repository(repository)));
  }

  /// Sees to it that every repository has a whole stanza: creates one where there is none, and
  /// completes what another process has begun, or an earlier try of this one.
  ///
  /// @return where nothing must be pushed now. A repository that does not answer is not among them:
  ///   what is pushed there fails by itself
  public List<Refusal> ensure(StanzaSession session) throws InterruptedException {
    var refusals = new ArrayList<Refusal>();
    for (var repository : session.repositories()) {
      var identity = RepositoryIdentity.of(session.stanza(), repository);
      if (known.contains(identity)) {
        continue;
      }
      switch (half.contains(identity) ? Presence.BEGUN : presence(session, repository)) {
        case ABSENT -> make(session, repository).ifPresent(refusals::add);
        case BEGUN -> complete(session, repository).ifPresent(refusals::add);
        case THERE, UNKNOWN -> {}
      }
    }
    return refusals;
  }

  /// Whether [#ensure] has found or made the stanza in every repository.
  public boolean areKnown(StanzaSession session) {
    return known.containsAll(RepositoryIdentity.all(session.stanza()));
  }

  /// Its state is asked again before the next push: what was there may be gone.
  public void forget(StanzaSession session, int repository) {
    var identity = RepositoryIdentity.of(session.stanza(), session.repository(repository));
    known.remove(identity);
    notBefore.remove(identity);
  }

  private Optional<Refusal> make(StanzaSession session, Repository repository)
      throws InterruptedException {
    try {
      create(session, repository.index());
      return Optional.empty();
    } catch (PgBackRestException failure) {
      return Optional.of(new Refusal(repository.index(), failure));
    }
  }

  /// What will not pass by itself is no reason to keep WAL from the repository: backups there say
  /// what is to be done.
  private Optional<Refusal> complete(StanzaSession session, Repository repository)
      throws InterruptedException {
    var identity = RepositoryIdentity.of(session.stanza(), repository);
    half.add(identity);
    var refusal = make(session, repository);
    if (refusal.isEmpty()) {
      return refusal;
    }
    var failure = refusal.get().failure();
    log.warning("a stanza is incomplete", session.names(repository, "cause", failure.getMessage()));
    if (failure.isTransient()) {
      return refusal;
    }
    settle(identity);
    return Optional.empty();
  }

  private void settle(RepositoryIdentity identity) {
    known.add(identity);
    half.remove(identity);
  }

  /// What a repository has of the stanza.
  private enum Presence {
    ABSENT,
    BEGUN,
    THERE,
    UNKNOWN
  }

  /// Asks once, or once a minute where there is no answer.
  private Presence presence(StanzaSession session, Repository repository)
      throws InterruptedException {
    var identity = RepositoryIdentity.of(session.stanza(), repository);
    var now = Instant.now();
    if (now.isBefore(notBefore.getOrDefault(identity, now))) {
      return Presence.UNKNOWN;
    }
    try {
      switch (state(session, repository)) {
        case MISSING_STANZA_DATA -> {
          return Presence.BEGUN;
        }
        case MISSING_STANZA_PATH -> {
          // An object store has no directory where nothing is in it, and `info` looks for backups.
          return half(session, repository.index()).isBegun() ? Presence.BEGUN : Presence.ABSENT;
        }
        case OK, NO_VALID_BACKUP, DIFFERENT, BACKUP_NOT_FOUND -> {
          known.add(identity);
          return Presence.THERE;
        }
        case OTHER -> {}
      }
    } catch (PgBackRestException failure) {
      log.debug(
          "cannot determine whether a repository has the stanza",
          session.names(repository, "cause", failure.getMessage()));
    }
    notBefore.put(identity, Instant.now().plus(PAUSE));
    return Presence.UNKNOWN;
  }

  private static StatusCode state(StanzaSession session, Repository repository)
      throws PgBackRestException, InterruptedException {
    return session
        .info(repository.index())
        .flatMap(info -> info.repository(repository.index()))
        .map(RepositoryInfo::code)
        .orElse(StatusCode.MISSING_STANZA_PATH);
  }

  private static IncompleteStanza half(StanzaSession session, int repository) {
    return new IncompleteStanza(session.pgBackRest(repository), repository);
  }

  /// Pushes while no stanza is being made.
  public <T> T push(Callable<T> push) throws Exception {
    pushes.readLock().lockInterruptibly();
    try {
      return push.call();
    } finally {
      pushes.readLock().unlock();
    }
  }

  private void createWhole(StanzaSession session, int repository, RepositoryIdentity identity)
      throws PgBackRestException, InterruptedException {
    var begun = half(session, repository);
    try {
      begun.program().stanzaCreate(locks);
    } catch (PgBackRestException refusal) {
      if (!IncompleteStanza.isCauseOf(refusal)) {
        removeQuietly(begun, identity);
        throw refusal;
      }
      if (!begun.remove()) {
        settle(identity);
        throw begun.explained(refusal);
      }
      log.warning(
          "removed an incomplete, empty stanza", session.names(session.repository(repository)));
      try {
        begun.program().stanzaCreate(locks);
      } catch (PgBackRestException failure) {
        removeQuietly(begun, identity);
        throw failure;
      }
    }
  }

  /// What cannot be removed now may be in the way of backups for ever.
  private void removeQuietly(IncompleteStanza begun, RepositoryIdentity identity)
      throws InterruptedException {
    try {
      var _ = begun.remove();
      half.remove(identity);
    } catch (PgBackRestException trouble) {
      half.add(identity);
      log.debug("the incomplete stanza cannot be removed yet", "cause", trouble.getMessage());
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
