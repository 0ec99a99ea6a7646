package com.dalibo.pgbackrest.sidecar.restore;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.stanza.rendering.UnavailableException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Keeps two pods from restoring on one volume. A Job gets a new pod while the one before is still
/// being deleted, on the same node, and CNPG cannot see a PostgreSQL of another pod: it would move
/// the data directory of one away that recovers, which we would put back for a second one.
///
/// A sidecar holds it from its first restore until it ends, which is after the container that
/// recovers. The kernel releases it with its process, however that ends.
public final class VolumeLock implements AutoCloseable {
  private static final String NAME = "pgbackrest-plugin.lock";
  private static final Log log = Log.named("restore");

  private final Path pgData;
  private final Path file;
  private @Nullable FileChannel held;

  public VolumeLock(Path pgData) {
    this.pgData = pgData;
    this.file = pgData.toAbsolutePath().resolveSibling(NAME);
  }

  /// Returns once this sidecar holds it, or where the volume knows no locks.
  synchronized void hold() throws UnavailableException {
    if (held != null) {
      return;
    }
    try {
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (isLocked(channel)) {
        held = channel;
        return;
      }
      channel.close();
    } catch (IOException unsupported) {
      log.warning(
          "the volume cannot be locked, and is used without",
          "file",
          file,
          "cause",
          unsupported.getMessage());
      return;
    }
    throw new UnavailableException(
        ("another pod restores or recovers '%s' now, probably one of the same Job that is still being"
                + " deleted; nothing is restored until it has ended. If there is no such pod, remove '%s'")
            .formatted(pgData, file));
  }

  /// Not where the pod before has removed the file meanwhile.
  private boolean isLocked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null && Files.exists(file);
    } catch (OverlappingFileLockException _) {
      return false;
    }
  }

  @Override
  public synchronized void close() {
    if (held == null) {
      return;
    }
    try {
      Files.deleteIfExists(file);
      held.close();
    } catch (IOException trouble) {
      log.warning("the lock of a volume stays", "file", file, "cause", trouble.getMessage());
    }
    held = null;
  }
}
