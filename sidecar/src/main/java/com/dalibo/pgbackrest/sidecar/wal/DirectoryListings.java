package com.dalibo.pgbackrest.sidecar.wal;

import com.dalibo.pgbackrest.command.PgBackRest;
import com.dalibo.pgbackrest.command.RepositoryFile;
import com.dalibo.pgbackrest.error.PgBackRestException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Directories of repositories, as they were when they were listed last. Whoever needs one that
/// another is listing waits for it, and for no other.
final class DirectoryListings {
  /// A directory of the archive has 256 segments, which are fetched one after the other.
  private static final int MOST = 16;

  private final Map<Directory, Listing> listings =
      Collections.synchronizedMap(
          new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Directory, Listing> eldest) {
              return size() > MOST;
            }
          });

  /// @param configuration of the stanza: another one may be another repository
  record Directory(Object configuration, int repository, String path) {}

  /// A listing that is not this old one, unless nothing is new: it is listed again only where
  /// nobody has done so since.
  List<RepositoryFile> read(
      PgBackRest program, Directory directory, @Nullable List<RepositoryFile> old)
      throws PgBackRestException, InterruptedException {
    return listings.computeIfAbsent(directory, _ -> new Listing()).read(program, directory, old);
  }

  private static final class Listing {
    private @Nullable List<RepositoryFile> files;

    synchronized List<RepositoryFile> read(
        PgBackRest program, Directory directory, @Nullable List<RepositoryFile> old)
        throws PgBackRestException, InterruptedException {
      var known = files;
      if (known == null || known.equals(old)) {
        known = program.repoLs(directory.repository(), directory.path());
        files = known;
      }
      return known;
    }
  }
}
