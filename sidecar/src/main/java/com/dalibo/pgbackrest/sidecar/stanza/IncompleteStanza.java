package com.dalibo.pgbackrest.sidecar.stanza;

import com.dalibo.pgbackrest.command.PgBackRest;
import com.dalibo.pgbackrest.command.RepositoryFile;
import com.dalibo.pgbackrest.error.ErrorCode;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.sidecar.remedy.StoreRemedy;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/// A stanza of one repository that lacks `archive.info` or `backup.info`: `stanza-create` writes
/// one after the other, and was killed or lost its storage between them. pgBackRest (2.60) pushes
/// WAL where there is an `archive.info`, and refuses to back up there and to complete the stanza.
/// On a file system an unfinished temporary file is enough for that.
public record IncompleteStanza(PgBackRest program, int repository) {
  /// Longer than there is between the two files of a creation that goes on.
  private static final Duration SETTLED = Duration.ofSeconds(10);

  private static final Pattern INFO =
      Pattern.compile("(?:archive|backup)\\.info(?:\\.copy)?(?:\\.pgbackrest\\.tmp)?");
  private static final Pattern CAUSE =
      Pattern.compile(".*(?:\\.info exists but .*\\.info is missing|directory not empty).*");

  /// What can be done about one that is not empty.
  public static final String REMEDY = StoreRemedy.REMEDY + StoreRemedy.INFO_INCOMPLETE.words();

  /// Whether this may be what `stanza-create` has refused.
  static boolean isCauseOf(PgBackRestException refusal) {
    return (refusal.errorCode() == ErrorCode.FILE_MISSING
            || refusal.errorCode() == ErrorCode.PATH_NOT_EMPTY)
        && CAUSE.matcher(refusal.errors()).find();
  }

  /// Whether there is anything at all.
  boolean isBegun() throws PgBackRestException, InterruptedException {
    return !files("archive").isEmpty();
  }

  /// Removes it where the repository has nothing else of the stanza, and nobody is at work on it: a
  /// former primary may be making it.
  ///
  /// @return whether `stanza-create` can be tried again
  boolean remove() throws PgBackRestException, InterruptedException {
    var files = files();
    if (files.containsAll(Set.of(path("archive"), path("backup")))) {
      // Somebody has completed it meanwhile.
      return true;
    }
    if (!files.stream().allMatch(IncompleteStanza::isInfo)) {
      return false;
    }
    if (files.isEmpty()) {
      return true;
    }
    Thread.sleep(SETTLED);
    if (files().equals(files)) {
      for (var file : files) {
        program.repoRm(repository, file);
      }
    }
    return true;
  }

  private Set<String> files() throws PgBackRestException, InterruptedException {
    var files = new HashSet<>(files("archive"));
    files.addAll(files("backup"));
    return files;
  }

  private static boolean isInfo(String path) {
    return INFO.matcher(path.substring(path.lastIndexOf('/') + 1)).matches();
  }

  /// The refusal with what can be done about one that is not empty.
  PgBackRestException explained(PgBackRestException refusal) {
    return PgBackRestException.of(
        refusal.command(),
        refusal.errorCode(),
        "%s, and the repository has other files of the stanza, so nothing was removed%s"
            .formatted(refusal.errors(), REMEDY),
        refusal);
  }

  /// Whether there is an archive, and nothing that backups could be listed in.
  public boolean lacksBackupInfo() throws PgBackRestException, InterruptedException {
    return files("archive").contains(path("archive")) && !files("backup").contains(path("backup"));
  }

  /// `archive/main/archive.info`
  private String path(String part) {
    return "%s/%s/%s.info".formatted(part, program.stanza(), part);
  }

  private Set<String> files(String part) throws PgBackRestException, InterruptedException {
    var directory = part + "/" + program.stanza();
    var files = new HashSet<String>();
    for (RepositoryFile file : program.repoLs(repository, directory)) {
      files.add(directory + "/" + file.name());
    }
    return files;
  }
}
