package com.dalibo.pgbackrest.sidecar.walarchive;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.command.ArchiveGet;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.postgres.WalFile;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// A timeline that two instances have begun: the one that CNPG made primary, and one that was
/// promoted too, and was lost before CNPG knew. pgBackRest replaces a history without a word, and
/// recovery would leave the former timeline at the wrong position.
public final class ConflictingHistory {
  private final String podName;
  private final Path workDirectory;
  private final LookAhead ahead;

  /// @param ahead whose bound the processes here are within
  public ConflictingHistory(String podName, Path workDirectory, LookAhead ahead) {
    this.podName = podName;
    this.workDirectory = workDirectory;
    this.ahead = ahead;
  }

  /// Whether the file must not be archived: it is of an instance that is not the primary, and a
  /// repository has another of its name.
  synchronized boolean conflicts(Cluster cluster, StanzaSession session, WalFile file, Path source)
      throws Exception {
    if (file.kind() != WalFile.Kind.HISTORY
        || cluster.currentPrimary().equals(Optional.of(podName))) {
      return false;
    }
    for (var repository : session.numbers()) {
      if (ahead.within(() -> hasAnother(session, repository, file, source))) {
        return true;
      }
    }
    return false;
  }

  private boolean hasAnother(StanzaSession session, int repository, WalFile file, Path source)
      throws PgBackRestException, IOException, InterruptedException {
    var there = workDirectory.resolve(file.name() + ".archived");
    try {
      Files.deleteIfExists(there);
      return session.pgBackRest().archiveGet(file.name(), there, repository) == ArchiveGet.FOUND
          && Files.mismatch(there, source) >= 0;
    } finally {
      Files.deleteIfExists(there);
    }
  }
}
