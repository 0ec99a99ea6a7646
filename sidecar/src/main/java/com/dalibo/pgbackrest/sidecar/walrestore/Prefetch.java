package com.dalibo.pgbackrest.sidecar.walrestore;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.postgres.ControlFile;
import com.dalibo.pgbackrest.postgres.WalFile;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.sidecar.session.StanzaSessions;
import com.dalibo.pgbackrest.sidecar.session.WalProcesses;
import com.dalibo.pgbackrest.sidecar.walretry.WalRetryPolicy;
import com.dalibo.pgbackrest.stanza.cluster.StanzaReference;
import com.dalibo.pgbackrest.stanza.options.ByteSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Fetches the segments after those that a recovery has asked for in sequence, while PostgreSQL
/// replays. They are in its WAL directory, under names that it passes over.
///
/// A segment is handed over only when PostgreSQL asks for it, after the same checks as any other. A
/// segment that was not found, or not fetched, is forgotten: whoever asks for it asks the
/// repositories.
public final class Prefetch {
  /// How many segments after the last one that PostgreSQL has got, where `getQueueMax` is not set.
  private static final int WINDOW = 8;

  private static final int LARGEST_WINDOW = 32;

  /// Segments for which the volume keeps room beside them.
  private static final int SPARE = 16;

  private static final String SUFFIX = ".prefetched";
  private static final Pattern NAME = Pattern.compile("\\.[0-9A-F]{24}\\" + SUFFIX);
  private static final Log log = Log.named("wal-restore");

  private final Path pgData;
  private final StanzaSessions sessions;
  private final WalGet walGet;
  private final WalProcesses processes;
  private final Map<String, Fetch> fetches = new HashMap<>();
  private Optional<Position> position = Optional.empty();
  private boolean paused;
  private boolean closed;
  private int running;

  /// @param processes how many fetch at the same time
  public Prefetch(Path pgData, StanzaSessions sessions, WalGet walGet, WalProcesses processes) {
    this.pgData = pgData;
    this.sessions = sessions;
    this.walGet = walGet;
    this.processes = processes;
  }

  /// Removes what an earlier process left in a WAL directory.
  public static void clear(Path walDirectory) throws IOException {
    if (!Files.isDirectory(walDirectory)) {
      return;
    }
    try (var files = Files.newDirectoryStream(walDirectory, ".*" + SUFFIX)) {
      for (var file : files) {
        if (NAME.matcher(file.getFileName().toString()).matches()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  /// Moves a segment that was fetched before to its destination, if there is one.
  ///
  /// @param mayWait whether one that is on its way is waited for
  boolean take(StanzaSession session, WalFile file, Path destination, boolean mayWait)
      throws IOException, InterruptedException {
    var fetch = find(file, destination);
    if (fetch == null) {
      return false;
    }
    if (!mayWait && !fetch.isDone()) {
      drop();
      return false;
    }
    var fetched = fetch.await();
    try {
      if (fetched.isPresent() && isAlike(fetched.get(), session)) {
        Files.move(fetch.target, destination, StandardCopyOption.ATOMIC_MOVE);
        return true;
      }
    } catch (NoSuchFileException _) {
      log.debug("a prefetched segment is gone", "walFile", file.name());
    }
    fetch.delete();
    return false;
  }

  private static boolean isAlike(StanzaSession one, StanzaSession other) {
    return one.configuration().equals(other.configuration());
  }

  /// PostgreSQL has got this segment: the next ones can be begun, if it has got the one before too.
  synchronized void found(
      Cluster cluster,
      StanzaReference store,
      StanzaSession session,
      WalFile file,
      Path destination) {
    try {
      var control = ControlFile.read(pgData);
      var size = control.walSegmentSize();
      var reached = new Position(cluster, store, destination, file, size, window(session, size));
      var follows = position.filter(reached::follows).isPresent();
      // A former primary for pg_rewind is in no recovery.
      if (control.state() != ControlFile.State.IN_ARCHIVE_RECOVERY || !follows) {
        drop();
      }
      position = Optional.of(reached);
      forgetAllBut(reached.names());
      paused = !follows || control.state() != ControlFile.State.IN_ARCHIVE_RECOVERY;
      begin();
    } catch (IOException | IllegalArgumentException trouble) {
      // The control file is being written.
      log.debug("nothing is prefetched now", "cause", trouble.getMessage());
      drop();
    }
  }

  private static int window(StanzaSession session, int segmentSize) {
    return session
        .configuration()
        .global("archive-get-queue-max")
        .map(size -> ByteSize.parse(size).orElse(0))
        .map(bytes -> Math.clamp(bytes / segmentSize, 0, LARGEST_WINDOW))
        .orElse(WINDOW);
  }

  /// What PostgreSQL asked for now is not the next segment, or could not be had.
  synchronized void drop() {
    position = Optional.empty();
    forgetAllBut(List.of());
  }

  private void forgetAllBut(List<String> names) {
    for (var fetch : List.copyOf(fetches.values())) {
      if (!names.contains(fetch.name)) {
        fetches.remove(fetch.name);
        fetch.drop();
      }
    }
  }

  /// Begins no more.
  public synchronized void close() {
    closed = true;
    drop();
  }

  private synchronized @Nullable Fetch find(WalFile file, Path destination) {
    var fetch = fetches.get(file.name());
    return fetch != null && fetch.target.equals(target(file.name(), destination)) ? fetch : null;
  }

  /// In the same folder, so that handing it over is a rename.
  private static Path target(String name, Path destination) {
    return destination.resolveSibling("." + name + SUFFIX);
  }

  private synchronized void begin() {
    while (!closed
        && !paused
        && processes.most() > 1
        && running < processes.most()
        && position.isPresent()) {
      var from = position.get();
      var next = from.names().stream().filter(name -> !fetches.containsKey(name)).findFirst();
      if (next.isEmpty()) {
        return;
      }
      var fetch = new Fetch(from, next.get());
      fetches.put(fetch.name, fetch);
      running++;
      fetch.thread.start();
    }
  }

  private synchronized void ended(Fetch fetch, boolean found) {
    running--;
    if (fetch.isDropped()) {
      fetch.delete();
    } else if (!found) {
      fetches.remove(fetch.name, fetch);
      paused = true;
    }
    begin();
  }

  /// The last segment that PostgreSQL has got. Only segments of the same timeline come after it.
  private record Position(
      Cluster cluster,
      StanzaReference store,
      Path destination,
      WalFile file,
      int segmentSize,
      int window) {

    boolean follows(Position before) {
      return destination.equals(before.destination)
          && store.equals(before.store)
          && file.timeline() == before.file.timeline()
          && file.segmentNumber(segmentSize) == before.file.segmentNumber(segmentSize) + 1;
    }

    List<String> names() {
      var names = new ArrayList<String>();
      var number = file.segmentNumber(segmentSize);
      for (var ahead = 1; ahead <= window; ahead++) {
        names.add(WalFile.segment(file.timeline(), number + ahead, segmentSize));
      }
      return names;
    }

    boolean hasRoom() throws IOException {
      return Files.getFileStore(destination.resolveSibling("")).getUsableSpace()
          >= (long) segmentSize * (window + SPARE);
    }
  }

  private final class Fetch implements Runnable {
    private final Position from;
    private final String name;
    private final Path target;
    private final FutureTask<Optional<StanzaSession>> outcome = new FutureTask<>(this::attempt);
    private final Thread thread = Thread.ofVirtual().name("prefetch").unstarted(this);
    private boolean dropped;

    Fetch(Position from, String name) {
      this.from = from;
      this.name = name;
      this.target = target(name, from.destination());
    }

    @Override
    public void run() {
      outcome.run();
      ended(this, outcome.resultNow().isPresent());
    }

    boolean isDone() {
      return outcome.isDone();
    }

    /// The settings with which it was fetched; empty where it was not.
    Optional<StanzaSession> await() throws InterruptedException {
      try {
        return outcome.get();
      } catch (ExecutionException impossible) {
        throw new IllegalStateException(impossible);
      }
    }

    private Optional<StanzaSession> attempt() {
      try {
        var session = sessions.open(from.cluster(), from.store());
        if (from.hasRoom()
            && walGet.fetch(session, name, target, WalRetryPolicy.ONCE, Optional.empty())
            && !isDropped()) {
          return Optional.of(session);
        }
      } catch (Exception trouble) {
        // Whoever asks for the segment meets it too.
        log.debug("not prefetched", "walFile", name, "cause", trouble.getMessage());
      }
      delete();
      return Optional.empty();
    }

    private synchronized boolean isDropped() {
      return dropped;
    }

    /// Ends its process, or removes what it fetched.
    synchronized void drop() {
      dropped = true;
      if (isDone()) {
        delete();
      } else {
        thread.interrupt();
      }
    }

    void delete() {
      try {
        Files.deleteIfExists(target);
      } catch (IOException trouble) {
        log.debug("a prefetched segment stays", "file", target, "cause", trouble.getMessage());
      }
    }
  }
}
