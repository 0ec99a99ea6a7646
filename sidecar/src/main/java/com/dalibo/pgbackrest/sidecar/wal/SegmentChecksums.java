package com.dalibo.pgbackrest.sidecar.wal;

import com.dalibo.pgbackrest.command.PgBackRest;
import com.dalibo.pgbackrest.command.RepositoryFile;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.postgres.ControlFile;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Whether a segment is what was archived. pgBackRest names it by the SHA-1 of its content, which
/// `verify` compares and `archive-get` does not; and PostgreSQL takes a damaged record for the end
/// of the WAL, and goes live there.
public final class SegmentChecksums {

  /// A directory has 256 segments, which are fetched one after the other.
  private static final int MOST_DIRECTORIES = 16;

  private final Path pgData;
  private final Map<Object, List<String>> archives = new HashMap<>();
  private final Map<Object, List<RepositoryFile>> directories =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, List<RepositoryFile>> eldest) {
          return size() > MOST_DIRECTORIES;
        }
      };

  private record Archives(Object configuration, int repository) {}

  private record Directory(Archives archives, String path) {}

  /// @param pgData the data directory of the cluster that is recovered
  public SegmentChecksums(Path pgData) {
    this.pgData = pgData;
  }

  /// Whether a file has the content that the repository's name for it promises. One that is no
  /// longer listed cannot be told, and passes.
  ///
  /// @param program pgBackRest for the stanza of the session
  public boolean isIntact(
      StanzaSession session, PgBackRest program, int repository, String segment, Path file)
      throws PgBackRestException, IOException, InterruptedException {
    var stored = new Archives(session.configuration(), repository);
    var found = sha1(file);
    if (known(stored, program, segment).contains(found)) {
      return true;
    }
    var listed = listed(stored, program, segment);
    return listed.isEmpty() || listed.contains(found);
  }

  /// As the directory was when it was listed last.
  private synchronized List<String> known(Archives stored, PgBackRest program, String segment)
      throws PgBackRestException, IOException, InterruptedException {
    return checksums(
        stored,
        program,
        segment,
        directory -> {
          var files = directories.get(directory);
          return files == null ? list(program, directory) : files;
        });
  }

  private synchronized List<String> listed(Archives stored, PgBackRest program, String segment)
      throws PgBackRestException, IOException, InterruptedException {
    return checksums(stored, program, segment, directory -> list(program, directory));
  }

  private interface Listing {
    List<RepositoryFile> of(Directory directory) throws PgBackRestException, InterruptedException;
  }

  private List<String> checksums(
      Archives stored, PgBackRest program, String segment, Listing listing)
      throws PgBackRestException, IOException, InterruptedException {
    var checksums = new ArrayList<String>();
    for (var archive : archives(stored, program)) {
      var path = "archive/" + program.stanza() + "/" + archive + "/";
      checksums.addAll(
          new RepositoryWal(name -> listing.of(new Directory(stored, path + name)))
              .checksums(segment));
    }
    return checksums;
  }

  private List<RepositoryFile> list(PgBackRest program, Directory directory)
      throws PgBackRestException, InterruptedException {
    var files = program.repoLs(directory.archives().repository(), directory.path());
    directories.put(directory, files);
    return files;
  }

  private List<String> archives(Archives stored, PgBackRest program)
      throws PgBackRestException, IOException, InterruptedException {
    var known = archives.get(stored);
    if (known != null) {
      return known;
    }
    // Those of the major version: a segment is in one of them.
    var prefix = ControlFile.read(pgData).majorVersion() + "-";
    var found =
        program.repoLs(stored.repository(), "archive/" + program.stanza()).stream()
            .map(RepositoryFile::name)
            .filter(name -> name.startsWith(prefix))
            .toList();
    archives.put(stored, found);
    return found;
  }

  private static String sha1(Path file) throws IOException {
    try {
      var digest = MessageDigest.getInstance("SHA-1");
      try (var out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
        Files.copy(file, out);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-1", e);
    }
  }
}
