package com.dalibo.pgbackrest.sidecar.restore;

import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A file in a data directory that was restored in its own pod and is no instance's yet. Where CNPG
/// tries again it moves such a directory aside, and it moves one aside that people work with when
/// the init container runs once more, as it does after a restart of the node. Only the first may be
/// followed by another restore.
///
/// @param pgData where the data directory is when it is not aside
public record RestoredMarker(Path pgData) {
  private static final String NAME = "pgbackrest-plugin.restored";

  void add() throws IOException {
    Files.write(pgData.resolve(NAME), new byte[0]);
  }

  void remove() throws IOException {
    Files.deleteIfExists(pgData.resolve(NAME));
  }

  /// Refuses where a data directory was moved aside that PostgreSQL had finished with recovering.
  void requireNoInstanceAside() throws PreconditionException, IOException {
    var parent = pgData.toAbsolutePath().getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      return;
    }
    try (var aside = Files.newDirectoryStream(parent, pgData.getFileName() + "_*")) {
      for (var directory : aside) {
        if (isOfInstance(directory)) {
          throw new PreconditionException(
              ("nothing was restored: '%s' holds a PostgreSQL that finished its recovery, and CNPG has moved"
                      + " it aside to restore once more. To keep its data, rename it back to '%s' in this"
                      + " container and delete the pod; to restore again without it, remove it")
                  .formatted(directory, pgData.getFileName()));
        }
      }
    }
  }

  /// PostgreSQL removes `recovery.signal` when a recovery ends, and `backup_label` when one begins.
  private static boolean isOfInstance(Path directory) {
    return Files.exists(directory.resolve("global/pg_control"))
        && !Files.exists(directory.resolve("backup_label"))
        && !Files.exists(directory.resolve("recovery.signal"))
        && !Files.exists(directory.resolve(NAME));
  }
}
