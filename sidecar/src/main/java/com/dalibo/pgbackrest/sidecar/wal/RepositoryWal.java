package com.dalibo.pgbackrest.sidecar.wal;

import com.dalibo.pgbackrest.command.PgBackRest;
import com.dalibo.pgbackrest.command.RepositoryFile;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The WAL segments of one archive in one repository, known by the names of their files: a segment
/// is stored as `SEGMENT-CHECKSUM[.COMPRESSION]` in the directory of its first 16 digits. Anything
/// else is none: the partial last segment of a timeline, an upload that was not finished, an empty
/// file.
public final class RepositoryWal {
  /// The content of a directory of the archive.
  public interface Directory {
    List<RepositoryFile> files(String name) throws PgBackRestException, InterruptedException;
  }

  private static final Pattern STORED =
      Pattern.compile("([0-9A-F]{24})-([0-9a-f]{40})(?:\\.(?:bz2|gz|lz4|zst))?");

  /// Of a segment, or of the partial one of a timeline.
  private static final Pattern CHECKSUM =
      Pattern.compile("([0-9A-F]{24}(?:\\.partial)?)-([0-9a-f]{40})(?:\\.(?:bz2|gz|lz4|zst))?");

  private static final int DIRECTORY_DIGITS = 16;

  private final Directory directory;

  public RepositoryWal(Directory directory) {
    this.directory = directory;
  }

  public static RepositoryWal of(PgBackRest pgBackRest, int repository, String archiveId) {
    var archive = "archive/" + pgBackRest.stanza() + "/" + archiveId + "/";
    return new RepositoryWal(name -> pgBackRest.repoLs(repository, archive + name));
  }

  /// Those of the segments that are not there; each directory is listed once.
  public List<String> missing(List<String> segments)
      throws PgBackRestException, PreconditionException, InterruptedException {
    Map<String, Map<String, Long>> listed = new HashMap<>();
    var missing = new ArrayList<String>();
    for (var segment : segments) {
      var name = segment.substring(0, DIRECTORY_DIGITS);
      var stored = listed.get(name);
      if (stored == null) {
        stored = segments(directory.files(name));
        listed.put(name, stored);
      }
      var times = stored.getOrDefault(segment, 0L);
      if (times == 0) {
        missing.add(segment);
      }
      if (times > 1) {
        throw duplicate(segment, times);
      }
    }
    return missing;
  }

  /// The SHA-1 of the content with which a segment, or a partial one, was archived; of each, where
  /// there are several.
  public List<String> checksums(String segment) throws PgBackRestException, InterruptedException {
    return directory.files(segment.substring(0, DIRECTORY_DIGITS)).stream()
        .map(file -> CHECKSUM.matcher(file.name()))
        .filter(Matcher::matches)
        .filter(stored -> stored.group(1).equals(segment))
        .map(stored -> stored.group(2))
        .toList();
  }

  /// When a segment was written to the repository, in whole seconds; empty where that is unknown.
  public Optional<Instant> writtenAt(String segment)
      throws PgBackRestException, InterruptedException {
    return directory.files(segment.substring(0, DIRECTORY_DIGITS)).stream()
        .filter(file -> file.name().startsWith(segment + "-") && file.time() > 0)
        .map(file -> Instant.ofEpochSecond(file.time()))
        .max(Comparator.naturalOrder());
  }

  /// The newest segment of a timeline.
  ///
  /// @param bound the newest that counts, if not all do
  public Optional<String> last(int timeline, Optional<String> bound)
      throws PgBackRestException, InterruptedException {
    var prefix = "%08X".formatted(timeline);
    var directories =
        directory.files("").stream()
            .map(RepositoryFile::name)
            .filter(name -> name.length() == DIRECTORY_DIGITS && name.startsWith(prefix))
            .filter(name -> bound.filter(most -> name.compareTo(most) > 0).isEmpty())
            .sorted(Comparator.reverseOrder())
            .toList();
    for (var name : directories) {
      var last =
          segments(directory.files(name)).keySet().stream()
              .filter(segment -> bound.filter(most -> segment.compareTo(most) > 0).isEmpty())
              .max(Comparator.naturalOrder());
      if (last.isPresent()) {
        return last;
      }
    }
    return Optional.empty();
  }

  /// The first of the segments that is there; directories are listed up to its own.
  public Optional<String> first(List<String> segments)
      throws PgBackRestException, InterruptedException {
    Map<String, Set<String>> listed = new HashMap<>();
    for (var segment : segments) {
      var name = segment.substring(0, DIRECTORY_DIGITS);
      var stored = listed.get(name);
      if (stored == null) {
        stored = segments(directory.files(name)).keySet();
        listed.put(name, stored);
      }
      if (stored.contains(segment)) {
        return Optional.of(segment);
      }
    }
    return Optional.empty();
  }

  /// pgBackRest does not choose between them, so that recovery stops there.
  private static PreconditionException duplicate(String segment, long times) {
    return new PreconditionException(
        ("WAL segment '%s' is in the archive %d times with different content, and recovery cannot pass"
                + " it: two servers have written the same timeline (split brain). Find out which is"
                + " right, remove the other file from the repository, and take a new backup")
            .formatted(segment, times));
  }

  private static Map<String, Long> segments(List<RepositoryFile> files) {
    return files.stream()
        .filter(file -> file.type().equals("file") && file.size() > 0)
        .map(file -> STORED.matcher(file.name()))
        .filter(Matcher::matches)
        .collect(Collectors.groupingBy(stored -> stored.group(1), Collectors.counting()));
  }
}
