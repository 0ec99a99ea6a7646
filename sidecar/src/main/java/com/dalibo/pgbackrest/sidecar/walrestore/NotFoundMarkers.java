package com.dalibo.pgbackrest.sidecar.walrestore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the `restore_command` of a recovery believes: a file here, named as the WAL, means that
/// every repository said it is not there. Without it a failed call means "ask again", whatever the
/// reason, so that no dead sidecar ends a recovery early.
public final class NotFoundMarkers {

  private final Path directory;

  public NotFoundMarkers(Path directory) {
    this.directory = directory;
  }

  /// What was true for an earlier process need not be true now.
  public void clear() throws IOException {
    Files.createDirectories(directory);
    try (var files = Files.newDirectoryStream(directory)) {
      for (var file : files) {
        Files.deleteIfExists(file);
      }
    }
  }

  public void add(String walFile) throws IOException {
    Files.createDirectories(directory);
    Files.write(directory.resolve(walFile), new byte[0]);
  }

  void remove(String walFile) throws IOException {
    Files.deleteIfExists(directory.resolve(walFile));
  }
}
