package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.sidecar.restore.Volumes;
import com.dalibo.pgbackrest.sidecar.settings.SidecarSettings;
import com.dalibo.pgbackrest.sidecar.walrestore.NotFoundMarkers;
import com.dalibo.pgbackrest.sidecar.walrestore.Prefetch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.regex.Pattern;

/// The directories the sidecar writes to, made ready for a process that has just started: nothing
/// that an earlier one believed is believed again.
record WorkDirectories(SidecarSettings settings) {

  private static final Pattern UNFINISHED =
      Pattern.compile("\\.[0-9A-Za-z.]+\\.pgbackrest-[0-9a-f]{1,16}(?:\\.pgbackrest\\.tmp)?");

  void prepare() throws IOException {
    makePrivate(settings.runDirectory());
    makePrivate(settings.workDirectory());
    // A mark of the asynchronous archiver is a success that the repository need not share.
    Volumes.remove(settings.workDirectory().resolve("spool"));
    new NotFoundMarkers(settings.missDirectory()).clear();
    removeUnfinishedWal(settings.pgData().resolve("pg_wal"));
    Prefetch.clear(settings.pgData().resolve("pg_wal"));
  }

  /// What an earlier process was fetching when it was killed. Nothing reads these files, and
  /// nothing else would ever remove them.
  private static void removeUnfinishedWal(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (var files = Files.newDirectoryStream(directory, ".*.pgbackrest-*")) {
      for (var file : files) {
        if (UNFINISHED.matcher(file.getFileName().toString()).matches()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private static void makePrivate(Path directory) throws IOException {
    Files.createDirectories(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }
}
