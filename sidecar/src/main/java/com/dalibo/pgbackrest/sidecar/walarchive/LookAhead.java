package com.dalibo.pgbackrest.sidecar.walarchive;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.command.ArchivePush;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.postgres.WalFile;
import com.dalibo.pgbackrest.sidecar.ownership.OwnershipGuard;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.sidecar.session.StanzaSessions;
import com.dalibo.pgbackrest.sidecar.session.WalProcesses;
import com.dalibo.pgbackrest.sidecar.stanza.StanzaCreation;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/// Pushes the segments that follow the one just archived, while PostgreSQL has them marked as
/// ready, so that a backlog is not archived one process at a time.
///
/// PostgreSQL is answered for a segment only when it asks for that one, and only with a push into
/// all repositories that ended well, in this process, with the same settings, of a file that has
/// not changed since. Everything else is pushed again, which pgBackRest takes for a segment that it
/// has. A failure here is no news: the segment fails when PostgreSQL asks for it, or it does not.
public final class LookAhead {
  /// How many segments after the last one that PostgreSQL asked for.
  private static final int WINDOW = 8;

  /// PostgreSQL asks for the next one at once, or has a reason not to.
  private static final Duration BELIEVED = Duration.ofMinutes(1);

  private static final Log log = Log.named("wal-archive");

  private final StanzaSessions sessions;
  private final OwnershipGuard guard;
  private final StanzaCreation creation;
  private final WalProcesses processes;
  private final Map<String, Push> pushes = new HashMap<>();
  private final Set<String> asked = new HashSet<>();
  private Optional<Position> position = Optional.empty();
  private int running;
  private int waiting;
  private boolean closed;

  /// @param processes how many push at the same time
  public LookAhead(
      StanzaSessions sessions,
      OwnershipGuard guard,
      StanzaCreation creation,
      WalProcesses processes) {
    this.sessions = sessions;
    this.guard = guard;
    this.creation = creation;
    this.processes = processes;
  }

  /// Puts a file that PostgreSQL asks for into every repository, or finds that it is there.
  ArchivePush push(StanzaSession session, Path source) throws Exception {
    try {
      var earlier = earlier(session, source);
      return earlier.isPresent() ? earlier.get() : now(session, source);
    } catch (PgBackRestException failure) {
      forget();
      throw failure;
    }
  }

  /// PostgreSQL may be told that this file is archived: the next ones can be begun.
  ///
  /// @param segmentSize that of every segment here
  synchronized void archived(
      Cluster cluster, StanzaReference reference, WalFile file, Path source, int segmentSize) {
    if (processes.most() < 2 || file.kind() != WalFile.Kind.SEGMENT) {
      return;
    }
    var reached = new Position(cluster, reference, source, file, segmentSize);
    position = Optional.of(reached);
    var wanted = reached.names();
    pushes.values().removeIf(push -> push.isDone() && !wanted.contains(push.name));
    begin();
  }

  /// A file could not be archived: what was found out before is not believed any more, and nothing
  /// is begun until a file is archived again.
  synchronized void forget() {
    position = Optional.empty();
    pushes.values().removeIf(Push::isDone);
    pushes.values().forEach(push -> push.forgotten = true);
  }

  /// Begins no more pushes.
  synchronized void close() {
    closed = true;
  }

  /// One that was pushed before, or is being pushed: never two at a time of one file.
  private Optional<ArchivePush> earlier(StanzaSession session, Path source)
      throws PgBackRestException, IOException, InterruptedException {
    var push = find(source);
    if (push == null) {
      return Optional.empty();
    }
    var outcome = push.await();
    remove(push);
    return switch (outcome) {
      case Outcome.Pushed pushed ->
          !push.forgotten
                  && pushed.isRecent()
                  && isAlike(pushed.session(), session)
                  && pushed.file().equals(SegmentIdentity.of(source))
              ? Optional.of(pushed.result())
              : Optional.empty();
      case Outcome.Failed failed when isAlike(failed.session(), session) -> throw failed.failure();
      case Outcome.Failed _, Outcome.Omitted _ -> Optional.empty();
    };
  }

  private static boolean isAlike(StanzaSession one, StanzaSession other) {
    return one.configuration().equals(other.configuration())
        && one.systemIdentifier().equals(other.systemIdentifier());
  }

  private ArchivePush now(StanzaSession session, Path source) throws Exception {
    var name = String.valueOf(source.getFileName());
    synchronized (this) {
      asked.add(name);
    }
    try {
      return within(() -> creation.push(() -> session.pgBackRest().archivePush(source)));
    } finally {
      synchronized (this) {
        asked.remove(name);
      }
    }
  }

  /// Runs a process for a file that PostgreSQL asks for, as soon as one that pushes ahead has ended
  /// where there are as many as may be; none begins before it.
  <T> T within(Callable<T> process) throws Exception {
    enter();
    try {
      return process.call();
    } finally {
      leave();
    }
  }

  private synchronized void enter() throws InterruptedException {
    waiting++;
    try {
      while (running >= processes.most()) {
        wait();
      }
      running++;
    } finally {
      waiting--;
    }
  }

  private synchronized void leave() {
    running--;
    notifyAll();
  }

  private synchronized @Nullable Push find(Path source) {
    var push = pushes.get(String.valueOf(source.getFileName()));
    return push != null && push.file.equals(source) ? push : null;
  }

  private synchronized void remove(Push push) {
    pushes.remove(push.name, push);
  }

  private synchronized void begin() {
    while (!closed && waiting == 0 && running < processes.most()) {
      var next = next();
      if (next.isEmpty()) {
        return;
      }
      pushes.put(next.get().name, next.get());
      running++;
      Thread.ofVirtual().name("look-ahead").start(next.get());
    }
  }

  /// The first that nobody pushes yet, if PostgreSQL has marked all up to it.
  private Optional<Push> next() {
    if (position.isEmpty()) {
      return Optional.empty();
    }
    for (var name : position.get().names()) {
      if (!pushes.containsKey(name) && !asked.contains(name)) {
        return position.get().isReady(name)
            ? Optional.of(new Push(position.get(), name))
            : Optional.empty();
      }
    }
    return Optional.empty();
  }

  private synchronized void ended(Push push, Outcome outcome) {
    leave();
    if (outcome instanceof Outcome.Pushed pushed && !pushed.result().dropped()) {
      begin();
    } else {
      pushes.remove(push.name, push);
      position = Optional.empty();
    }
  }

  /// Where PostgreSQL is: the last segment that it knows to be archived. Only segments of the same
  /// timeline come after it, so that no other file is overtaken.
  private record Position(
      Cluster cluster, StanzaReference reference, Path source, WalFile file, int segmentSize) {

    Set<String> names() {
      var names = new LinkedHashSet<String>();
      var number = file.segmentNumber(segmentSize);
      for (var ahead = 1; ahead <= WINDOW; ahead++) {
        names.add(WalFile.segment(file.timeline(), number + ahead, segmentSize));
      }
      return names;
    }

    /// Also whether it has the size of a segment; a truncated file is reported when it is asked
    /// for.
    boolean isReady(String name) {
      return Files.exists(source.resolveSibling("archive_status").resolve(name + ".ready"))
          && path(name).toFile().length() == segmentSize;
    }

    Path path(String name) {
      return source.resolveSibling(name);
    }
  }

  /// What became of a push.
  private sealed interface Outcome {
    /// It is in all repositories, or pgBackRest dropped it.
    record Pushed(StanzaSession session, SegmentIdentity file, ArchivePush result, long at)
        implements Outcome {
      boolean isRecent() {
        return System.nanoTime() - at < BELIEVED.toNanos();
      }
    }

    /// pgBackRest failed.
    record Failed(StanzaSession session, PgBackRestException failure) implements Outcome {}

    /// It is not to be pushed unless PostgreSQL asks for it.
    record Omitted() implements Outcome {}
  }

  private final class Push implements Runnable {
    private final Position from;
    private final String name;
    private final Path file;
    private final FutureTask<Outcome> outcome = new FutureTask<>(this::attempt);
    private volatile boolean forgotten;

    Push(Position from, String name) {
      this.from = from;
      this.name = name;
      this.file = from.path(name);
    }

    @Override
    public void run() {
      outcome.run();
      ended(this, outcome.resultNow());
    }

    boolean isDone() {
      return outcome.isDone();
    }

    Outcome await() throws InterruptedException {
      try {
        return outcome.get();
      } catch (ExecutionException impossible) {
        throw new IllegalStateException(impossible);
      }
    }

    private Outcome attempt() {
      try {
        var session = sessions.open(from.cluster(), from.reference());
        var before = SegmentIdentity.of(file);
        return mayBePushed(session) ? push(session, before) : new Outcome.Omitted();
      } catch (Exception trouble) {
        // Whoever asks for the segment meets it too.
        log.debug("not pushed ahead", "walFile", name, "cause", trouble.getMessage());
        return new Outcome.Omitted();
      }
    }

    /// As for a file that is asked for, but nothing is claimed or created for one that is not.
    private boolean mayBePushed(StanzaSession session) {
      return guard.hasAdmitted(from.cluster(), session)
          && creation.areKnown(session)
          && !isAsynchronous(session);
    }

    private Outcome push(StanzaSession session, SegmentIdentity before) throws Exception {
      try {
        var result = creation.push(() -> session.pgBackRest().archivePush(file));
        return new Outcome.Pushed(session, before, result, System.nanoTime());
      } catch (PgBackRestException failure) {
        log.debug("not pushed ahead", "walFile", name, "cause", failure.getMessage());
        return new Outcome.Failed(session, failure);
      }
    }
  }

  /// Then pgBackRest looks ahead itself.
  private static boolean isAsynchronous(StanzaSession session) {
    return session.configuration().global("archive-async").filter("y"::equals).isPresent();
  }
}
