package com.dalibo.pgbackrest.sidecar.restore;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.sidecar.walrestore.RecoveryRecord;
import com.dalibo.pgbackrest.stanza.rendering.UnavailableException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
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
/// with its process, however that ends. A process that hangs keeps it: it may go on.
public final class VolumeLock implements AutoCloseable {
  private static final String NAME = "pgbackrest-plugin.lock";

  /// In which a volume says whether it is locked. NFS without a lock daemon may never.
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private static final Log log = Log.named("restore");

  private final Path pgData;
  private final Path file;
  private final Locking locking;
  private final Duration limit;
  private @Nullable Held held;
  private boolean isWithout;

  /// Asks the kernel.
  interface Locking {
    /// Whether the file was not locked, and is now.
    boolean lock(FileChannel channel) throws IOException;
  }

  /// @param key of the file that is locked, which a path may no longer lead to
  private record Held(FileChannel channel, Object key) {}

  public VolumeLock(Path pgData) {
    this(pgData, VolumeLock::lock, LIMIT);
  }

  VolumeLock(Path pgData, Locking locking, Duration limit) {
    this.pgData = pgData;
    this.file = pgData.toAbsolutePath().resolveSibling(NAME);
    this.locking = locking;
    this.limit = limit;
  }

  /// Returns once this sidecar holds it, or where the volume knows no locks.
  synchronized void hold() throws UnavailableException, InterruptedException {
    if (held != null || isWithout) {
      return;
    }
    var attempt = new FutureTask<>(this::attempt);
    Thread.ofPlatform().daemon().name("volume-lock").start(attempt);
    try {
      var locked = attempt.get(limit.toNanos(), TimeUnit.NANOSECONDS);
      if (locked.isPresent()) {
        held = locked.get();
        return;
      }
    } catch (ExecutionException unsupported) {
      warn(String.valueOf(unsupported.getCause()));
      return;
    } catch (TimeoutException _) {
      isWithout = true;
      warn("no answer within %d seconds".formatted(limit.toSeconds()));
      return;
    }
    throw new UnavailableException(
        ("another pod restores or recovers '%s' now, probably one of the same Job that is still being"
                + " deleted; nothing is restored until it has ended. If there is no such pod, remove '%s'")
            .formatted(pgData, file));
  }

  /// Holds it beside a recovery that began before this sidecar, unless another pod does already.
  public void holdAgain() {
    if (!RecoveryRecord.isIn(pgData)) {
      return;
    }
    try {
      hold();
    } catch (UnavailableException other) {
      log.info("the volume is locked", "cause", other.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
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

  /// Empty where another holds it, or where the file is no longer the one that was locked: the pod
  /// before has removed it meanwhile.
  private Optional<Held> attempt() throws IOException {
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
      channel = FileChannel.open(file, StandardOpenOption.WRITE);
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
    try {
      if (locking.lock(channel) && key.equals(key())) {
        return Optional.of(new Held(channel, key));
      }
    } catch (NoSuchFileException _) {
      // Removed meanwhile.
    } catch (IOException unsupported) {
      channel.close();
      throw unsupported;
    }
    channel.close();
    return Optional.empty();
  }

  private static boolean lock(FileChannel channel) throws IOException {
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
        Files.readAttributes(file, BasicFileAttributes.class).fileKey(), "Linux has one");
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
