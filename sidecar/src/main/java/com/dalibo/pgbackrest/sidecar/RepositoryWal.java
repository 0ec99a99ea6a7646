package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.program.PgBackRest;
import com.dalibo.pgbackrest.program.PgBackRestException;
import com.dalibo.pgbackrest.program.RepositoryFile;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The WAL segments of one archive in one repository, known by the names of their files: a segment
/// is stored as `SEGMENT-CHECKSUM[.COMPRESSION]` in the directory of its first 16 digits.
final class RepositoryWal {
  /// The names in a directory of the archive.
  interface Directory {
    Set<String> names(String name) throws PgBackRestException, InterruptedException;
  }

  private static final Pattern STORED =
      Pattern.compile("([0-9A-F]{24})-[0-9a-f]{40}(\\.[a-z0-9]+)?");
  private static final int DIRECTORY_DIGITS = 16;

  private final Directory directory;

  RepositoryWal(Directory directory) {
    this.directory = directory;
  }

  static RepositoryWal of(PgBackRest pgBackRest, int repository, String archiveId) {
    var archive = "archive/" + pgBackRest.stanza() + "/" + archiveId + "/";
    return new RepositoryWal(
        name ->
            pgBackRest.repoLs(repository, archive + name).stream()
                .map(RepositoryFile::name)
                .collect(Collectors.toSet()));
  }

  /// The first of the segments that is not there; each directory is listed once.
  Optional<String> firstMissing(List<String> segments)
      throws PgBackRestException, InterruptedException {
    Map<String, Set<String>> listed = new HashMap<>();
    for (var segment : segments) {
      var name = segment.substring(0, DIRECTORY_DIGITS);
      var stored = listed.get(name);
      if (stored == null) {
        stored = segments(directory.names(name));
        listed.put(name, stored);
      }
      if (!stored.contains(segment)) {
        return Optional.of(segment);
      }
    }
    return Optional.empty();
  }

  private static Set<String> segments(Set<String> names) {
    var segments = new HashSet<String>();
    for (var name : names) {
      var stored = STORED.matcher(name);
      if (stored.matches()) {
        segments.add(stored.group(1));
      }
    }
    return segments;
  }
}
