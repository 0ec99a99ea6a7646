package com.dalibo.pgbackrest.sidecar.restore;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.error.ErrorCode;
import com.dalibo.pgbackrest.error.PgBackRestException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.EnumSet;

/// A `postgresql.auto.conf` that its owner may not write: up to PostgreSQL 16 CNPG forbids `ALTER
/// SYSTEM` by its mode (`enableAlterSystem`). pgBackRest restores the mode, opens the file again at
/// the end of each restore for settings of a recovery, and is refused.
///
/// While it is open, a file that appears is made writable. pgBackRest may be faster where it is the
/// last file; then [#isCauseOf] tells, and another restore completes the copy.
final class ReadOnlySettings implements AutoCloseable {
  private static final String NAME = "postgresql.auto.conf";
  private static final Duration LOOK = Duration.ofMillis(20);
  private static final Log log = Log.named("restore");

  private final Path file;
  private final Thread watch;

  ReadOnlySettings(Path dataDirectory) {
    file = dataDirectory.resolve(NAME);
    watch = Thread.ofVirtual().name("restored settings").start(this::watch);
  }

  private void watch() {
    try {
      while (true) {
        makeWritable(file);
        Thread.sleep(LOOK);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (IOException trouble) {
      log.warning("a file stays read-only", "file", file, "cause", trouble.getMessage());
    }
  }

  /// Lets the owner write it, if it is there.
  static void makeWritable(Path file) throws IOException {
    try {
      var permissions = EnumSet.copyOf(Files.getPosixFilePermissions(file));
      if (permissions.add(PosixFilePermission.OWNER_WRITE)) {
        Files.setPosixFilePermissions(file, permissions);
      }
    } catch (NoSuchFileException _) {
      // It is not restored yet, or the backup has none.
    }
  }

  /// Whether a restore failed for nothing else: everything but pg_control is in its place then.
  static boolean isCauseOf(PgBackRestException failure) {
    var message = String.valueOf(failure.getMessage());
    return failure.errorCode() == ErrorCode.FILE_OPEN
        && message.contains("/" + NAME + "' for write: [13]");
  }

  @Override
  public void close() {
    watch.interrupt();
  }
}
