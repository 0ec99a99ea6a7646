package com.dalibo.pgbackrest.sidecar.restore;

import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import com.dalibo.pgbackrest.sidecar.walrestore.RecoveryRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The data directories that CNPG has moved aside (`pgdata_` and a time). It does so before each
/// try of a recovery with whatever has a control file: with what an earlier try left, which may be
/// used again, and with the data of an instance, when the init container of its pod runs once more,
/// as it does after a restart of the node.
record DirectoriesAside(Volumes volumes) {

  /// Refuses where a data directory was moved aside that PostgreSQL had finished with recovering.
  void requireNoInstance() throws PreconditionException, IOException {
    for (var directory : all()) {
      if (isOfInstance(directory)) {
        throw new PreconditionException(
            ("nothing was restored: '%s' is a data directory whose recovery is complete, and CNPG "
                    + "has moved it aside to restore again. To keep its data, rename it back to '%s' in this"
                    + " container and delete the pod; to restore again without it, remove it")
                .formatted(directory, volumes.pgData().getFileName()));
      }
    }
  }

  /// What the last try left whose recovery was not over.
  Optional<EarlierTry> lastTry() throws IOException {
    for (var directory : all().reversed()) {
      var record = RecoveryRecord.read(directory);
      if (record.isPresent() && isUnfinished(directory)) {
        return Optional.of(new EarlierTry(volumes, directory, record.get()));
      }
    }
    return Optional.empty();
  }

  /// Those whose recovery was complete. They are left as they are, and take their room.
  List<Path> complete() throws IOException {
    var found = new ArrayList<Path>();
    for (var directory : all()) {
      if (hasControlFile(directory) && !isUnfinished(directory)) {
        found.add(directory);
      }
    }
    return found;
  }

  /// Nothing goes on with what lacks its tablespaces, which the next copy fills anew.
  void disownAllBut(Optional<Path> kept) throws IOException {
    for (var directory : all()) {
      if (isUnfinished(directory) && !kept.equals(Optional.of(directory))) {
        RecoveryRecord.remove(directory);
      }
    }
  }

  /// The oldest first.
  private List<Path> all() throws IOException {
    var parent = volumes.pgData().toAbsolutePath().getParent();
    var found = new ArrayList<Path>();
    if (parent != null && Files.isDirectory(parent)) {
      try (var aside = Files.newDirectoryStream(parent, volumes.pgData().getFileName() + "_*")) {
        aside.forEach(found::add);
      }
    }
    found.sort(Comparator.naturalOrder());
    return found;
  }

  /// PostgreSQL removes `recovery.signal` when a recovery ends, and `backup_label` when one begins.
  private static boolean isUnfinished(Path directory) {
    return hasControlFile(directory)
        && (Files.exists(directory.resolve("backup_label"))
            || Files.exists(directory.resolve("recovery.signal")));
  }

  private static boolean isOfInstance(Path directory) {
    return hasControlFile(directory) && !isUnfinished(directory) && !RecoveryRecord.isIn(directory);
  }

  private static boolean hasControlFile(Path directory) {
    return Files.exists(directory.resolve("global/pg_control"));
  }
}
