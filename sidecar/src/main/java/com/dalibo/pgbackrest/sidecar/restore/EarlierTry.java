package com.dalibo.pgbackrest.sidecar.restore;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.postgres.ControlFile;
import com.dalibo.pgbackrest.selection.RestoreTarget;
import com.dalibo.pgbackrest.sidecar.choice.ChosenBackup;
import com.dalibo.pgbackrest.sidecar.walrestore.RecoveryRecord;
import com.dalibo.pgbackrest.stanza.cluster.RequestedRecovery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// What an earlier try of a recovery left, moved aside by CNPG: a whole copy of a backup, perhaps
/// with WAL replayed on it. PostgreSQL goes on with it where the new try wants the same; otherwise
/// the next copy needs to fetch only what differs.
///
/// @param directory where the data directory is now
record EarlierTry(Volumes volumes, Path directory, RecoveryRecord record) {
  private static final Log log = Log.named("restore");

  /// Whether the data is of the cluster that is recovered.
  boolean isOf(ChosenBackup chosen) {
    try {
      return ControlFile.read(directory).systemIdentifier() == chosen.systemIdentifier();
    } catch (IOException unreadable) {
      log.info(
          "left a data directory aside", "directory", directory, "cause", unreadable.getMessage());
      return false;
    }
  }

  /// How often one copy is continued before a new one is compared with it: what a copy cannot
  /// recover from, a damage or a timeline that has begun meanwhile, is not tried for ever.
  private static final int MOST_CONTINUED = 3;

  /// Whether this recovery began with it: from the same backup, as a newer one, or none, may lead
  /// there by now. The end of the archived WAL lies on the way of every other target.
  boolean isOnTheWay(Cluster cluster, ChosenBackup chosen, RequestedRecovery requested) {
    var aim = record.aim();
    return aim.cluster().equals(cluster.uid())
        && aim.stanza().equals(chosen.stanza().name())
        && aim.backup().equals(chosen.backup().label())
        && record.tries().continued() < MOST_CONTINUED
        && aim.way().equals(requested.way())
        && (aim.target().equals(requested.target())
            || requested.request().target() instanceof RestoreTarget.Latest);
  }

  /// Puts it back, for PostgreSQL to go on with.
  void putBack() throws IOException {
    removeLock();
    var wal = wal();
    if (Files.isDirectory(wal)) {
      Volumes.remove(volumes.wal());
      Files.move(wal, volumes.wal(), StandardCopyOption.ATOMIC_MOVE);
    }
    record.continuedOnceMore().write(directory);
    Files.move(directory, volumes.pgData(), StandardCopyOption.ATOMIC_MOVE);
    if (Files.isSymbolicLink(volumes.pgData().resolve("pg_wal"))) {
      // Killed between the two moves: PostgreSQL asks the archive for what is missing.
      Files.createDirectories(volumes.wal());
    }
  }

  /// Gives it to the next copy.
  void becomeCopy() throws IOException {
    Volumes.remove(volumes.copy());
    removeLock();
    Files.move(directory, volumes.copy(), StandardCopyOption.ATOMIC_MOVE);
    RecoveryRecord.remove(volumes.copy());
    Volumes.remove(wal());
    log.info("an earlier copy is compared and completed", "directory", directory);
  }

  /// Of a PostgreSQL that was killed: CNPG moves no directory of one that runs.
  private void removeLock() throws IOException {
    Files.deleteIfExists(directory.resolve("postmaster.pid"));
  }

  /// CNPG gives both the same suffix.
  private Path wal() {
    var suffix =
        String.valueOf(directory.getFileName())
            .substring(String.valueOf(volumes.pgData().getFileName()).length());
    return volumes.wal().resolveSibling(volumes.wal().getFileName() + suffix);
  }
}
