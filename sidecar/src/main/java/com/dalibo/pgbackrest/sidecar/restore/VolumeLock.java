package com.dalibo.pgbackrest.sidecar.restore;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.sidecar.walrestore.RecoveryRecord;
import com.dalibo.pgbackrest.stanza.rendering.PrivateFile;
import com.dalibo.pgbackrest.stanza.rendering.UnavailableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Keeps two pods from restoring on one volume. A Job gets a new pod while the one before is still
/// being deleted, on the same node, and CNPG cannot see a PostgreSQL of another pod: it would move
/// the data directory of one away that recovers, which we would put back for a second one.
///
/// A sidecar holds it from its first restore until it ends, which is after the container that
/// recovers; one that is started again beside a recovery, from its start. The kernel releases it
/// with its process, however that ends. A process that hangs keeps it: it may go on. Where one was
/// killed, the PostgreSQL of its pod may go on, too: another pod leaves it a minute to be started
/// again, after which PostgreSQL has noticed itself that its data directory is another's.
public final class VolumeLock implements AutoCloseable {
  private static final String NAME = "pgbackrest-plugin.lock";

  /// In which a volume says whether it is locked. NFS without a lock daemon may never.
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /// In which a sidecar that was killed is started again.
  private static final Duration RETURN = Duration.ofMinutes(1);

  /// More bytes than an identity has.
  private static final int SIGNATURE = 64;

  private static final Log log = Log.named("restore");

  private final Path pgData;
  private final Path file;
  private final Path identityFile;
  private final Locking locking;
  private final Duration limit;
  private final Duration returnLimit;
  private @Nullable Held held;

  /// What asks the volume now; that of a caller who was interrupted is the next one's.
  private @Nullable FutureTask<Held> asking;

  private boolean isWithout;
  private @Nullable Left left;

  /// Asks the kernel.
  interface Locking {
    /// Whether the file was not locked, and is now.
    boolean lock(FileChannel channel) throws IOException;
  }

  /// @param key of the file that is locked, which a path may no longer lead to
  private record Held(FileChannel channel, Object key) {}

  /// What another pod left that did not end as it should.
  ///
  /// @param since when it was first seen, in nanoseconds
  private record Left(String identity, long since) {}

  /// @param workDirectory lives as long as the pod
  public VolumeLock(Path pgData, Path workDirectory) {
    this(pgData, workDirectory, VolumeLock::lock, LIMIT, RETURN);
  }

  VolumeLock(
      Path pgData, Path workDirectory, Locking locking, Duration limit, Duration returnLimit) {
    this.pgData = pgData;
    this.file = pgData.toAbsolutePath().resolveSibling(NAME);
    this.identityFile = workDirectory.resolve("volume-lock");
    this.locking = locking;
    this.limit = limit;
    this.returnLimit = returnLimit;
  }

  /// Returns once this sidecar holds it, or where the volume knows no locks.
  synchronized void hold() throws UnavailableException, InterruptedException {
    if (held != null || isWithout) {
      return;
    }
    var attempt = asking;
    if (attempt == null) {
      attempt = new FutureTask<>(this::attempt);
      asking = attempt;
      Thread.ofPlatform().daemon().name("volume-lock").start(attempt);
    }
    try {
      held = attempt.get(limit.toNanos(), TimeUnit.NANOSECONDS);
      asking = null;
    } catch (ExecutionException failure) {
      asking = null;
      if (failure.getCause() instanceof UnavailableException other) {
        throw other;
      }
      warn(String.valueOf(failure.getCause()));
    } catch (TimeoutException _) {
      isWithout = true;
      warn("no answer within %d seconds".formatted(limit.toSeconds()));
    }
  }

  /// Holds it beside a recovery that began before this sidecar, unless another pod does already.
  public void holdAgain() {
    try {
      if (RecoveryRecord.isIn(pgData) || wasHeldHere()) {
        hold();
      }
    } catch (UnavailableException other) {
      log.info("the volume is locked", "cause", other.getMessage());
    } catch (IOException unreadable) {
      warn(unreadable.toString());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// By a sidecar of this pod that was killed, wherever the data directory is now.
  private synchronized boolean wasHeldHere() throws IOException {
    return held == null
        && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        && Files.exists(identityFile)
        && isSigned(Files.readString(identityFile));
  }

  /// Asks no more of a file than who has signed it: it may be any.
  private boolean isSigned(String identity) throws IOException {
    try (var content = Files.newInputStream(file)) {
      var signature = content.readNBytes(SIGNATURE);
      return new String(signature, StandardCharsets.US_ASCII).equals(identity);
    }
  }

  private void warn(String cause) {
    log.warning(
        "the volume cannot be locked, and is used without; see that no two pods restore on it",
        "file",
        file,
        "cause",
        cause);
  }

  /// @throws UnavailableException where another holds it or was killed, or where the file is no
  ///   longer the one that was locked: the pod before has removed it meanwhile
  private Held attempt() throws UnavailableException, IOException {
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    try {
      Files.createFile(file);
    } catch (FileAlreadyExistsException _) {
      // Of a pod that was killed, or of one that runs.
    }
    FileChannel channel;
    Object key;
    try {
      key = key();
      // A link may lead to a file of the database, which is not for us to write.
      channel =
          FileChannel.open(
              file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException _) {
      throw another();
    }
    try {
      if (!locking.lock(channel) || !key.equals(key())) {
        throw another();
      }
      take(channel);
      return new Held(channel, key);
    } catch (NoSuchFileException _) {
      channel.close();
      throw another();
    } catch (UnavailableException | IOException failure) {
      channel.close();
      throw failure;
    }
  }

  private UnavailableException another() {
    left = null;
    return new UnavailableException(
        ("another pod restores or recovers '%s' now, probably one of the same Job that is still being"
                + " deleted; nothing is restored until it has ended. If there is no such pod, remove '%s'")
            .formatted(pgData, file));
  }

  /// Writes down who holds it.
  private void take(FileChannel channel) throws UnavailableException, IOException {
    var before = read(channel);
    var identity = identity();
    if (!before.isEmpty() && !before.equals(identity)) {
      requireNoReturn(before);
    }
    left = null;
    if (before.equals(identity)) {
      return;
    }
    try {
      // Over what is there, which needs no room on a volume that is full.
      var signature = identity.getBytes(StandardCharsets.US_ASCII);
      channel.write(ByteBuffer.wrap(signature), 0);
      var _ = channel.truncate(signature.length);
    } catch (IOException full) {
      log.warning("who has locked a volume is not noted", "cause", full.getMessage());
    }
  }

  private void requireNoReturn(String before) throws UnavailableException {
    var seen = left;
    if (seen == null || !seen.identity().equals(before)) {
      seen = new Left(before, System.nanoTime());
      left = seen;
    }
    var rest = returnLimit.minusNanos(System.nanoTime() - seen.since());
    if (rest.isPositive()) {
      throw new UnavailableException(
          ("the sidecar of another pod that restored or recovered '%s' was killed, and its PostgreSQL may still"
                  + " run; nothing is restored unless it does not return within %d seconds")
              .formatted(pgData, returnLimit.toSeconds()));
    }
  }

  private static String read(FileChannel channel) throws IOException {
    var bytes = ByteBuffer.allocate(SIGNATURE);
    channel.read(bytes, 0);
    return new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII);
  }

  /// That of this pod: pods of one Job have one name.
  private String identity() throws IOException {
    if (!Files.exists(identityFile)) {
      Files.createDirectories(Objects.requireNonNull(identityFile.getParent()));
      PrivateFile.write(
          identityFile, UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII));
    }
    return Files.readString(identityFile);
  }

  static boolean lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException _) {
      return false;
    }
  }

  /// Asked without opening it: the kernel releases what a process has locked when that closes the
  /// file, wherever it has opened it.
  private Object key() throws IOException {
    return Objects.requireNonNull(
        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey(),
        "Linux has one");
  }

  @Override
  public synchronized void close() {
    var last = held;
    held = null;
    if (last == null) {
      return;
    }
    try {
      if (Files.exists(file) && last.key().equals(key())) {
        Files.deleteIfExists(file);
      }
      last.channel().close();
    } catch (IOException trouble) {
      log.warning("the lock of a volume stays", "file", file, "cause", trouble.getMessage());
    }
  }
}
