package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.program.ErrorCode;
import com.dalibo.pgbackrest.program.PgBackRest;
import com.dalibo.pgbackrest.program.PgBackRestException;
import com.dalibo.pgbackrest.program.RepositoryFile;
import java.util.List;
import java.util.Set;

/// A stanza of one repository with an `archive.info` and no `backup.info`: `stanza-create` writes
/// them one after the other, and was killed or lost its storage between them. pgBackRest (2.60)
/// pushes WAL to such a stanza, and refuses to back up there and to complete it.
record HalfMadeStanza(PgBackRest program, int repository) {
  private static final Set<String> ITS_FILES = Set.of("archive.info", "archive.info.copy");

  /// Whether this is what `stanza-create` has refused.
  static boolean isCauseOf(PgBackRestException refusal) {
    return refusal.errorCode() == ErrorCode.FILE_MISSING
        && refusal.errors().contains("archive.info exists but backup.info is missing");
  }

  /// Whether the repository has nothing of the stanza but that file, and its copy.
  boolean isEmpty() throws PgBackRestException, InterruptedException {
    return ITS_FILES.containsAll(names(archive())) && names(backups()).isEmpty();
  }

  /// Removes what is left of an empty one.
  void remove() throws PgBackRestException, InterruptedException {
    for (var file : ITS_FILES) {
      program.repoRm(repository, archive() + "/" + file);
    }
  }

  /// The refusal with what can be done about one that is not empty.
  PgBackRestException explained(PgBackRestException refusal) {
    return PgBackRestException.of(
        refusal.command(),
        refusal.errorCode(),
        ("%s, and the repository has more of the stanza, so nothing was removed. If '%s/backup.info' was"
                + " deleted there, put it back. Otherwise give this repository another repoPath in the Stanza;"
                + " WAL goes on there at once, and a full backup has to follow")
            .formatted(refusal.errors(), backups()),
        refusal);
  }

  private String archive() {
    return "archive/" + program.stanza();
  }

  private String backups() {
    return "backup/" + program.stanza();
  }

  private List<String> names(String path) throws PgBackRestException, InterruptedException {
    return program.repoLs(repository, path).stream().map(RepositoryFile::name).toList();
  }
}
