package com.dalibo.pgbackrest.sidecar.wal;

import com.dalibo.pgbackrest.command.PgBackRest;
import com.dalibo.pgbackrest.command.RepositoryFile;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.process.ProgramRunner;
import com.dalibo.pgbackrest.sidecar.session.StanzaSession;
import com.dalibo.pgbackrest.sidecar.wal.DirectoryListings.Directory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Whether a segment, or the partial one of a timeline, is what was archived. pgBackRest names it
/// by the SHA-1 of its content, which `verify` compares and `archive-get` does not; and PostgreSQL
/// takes a damaged record for the end of the WAL, and goes live there.
public final class SegmentChecksums {

  private final Path pgData;
  private final FileSha1 sha1;
  private final DirectoryListings listings = new DirectoryListings();

  /// @param pgData the data directory of the PostgreSQL that asks for WAL
  /// @param runner of the program that computes checksums
  public SegmentChecksums(Path pgData, ProgramRunner runner) {
    this.pgData = pgData;
    this.sha1 = new FileSha1(runner);
  }

  /// Whether a file has the content that the repository's name for it promises. One that is no
  /// longer listed cannot be told, and passes.
  ///
  /// @param program pgBackRest for the stanza of the session
  public boolean isIntact(
      StanzaSession session, PgBackRest program, int repository, String segment, Path file)
      throws PgBackRestException, IOException, InterruptedException {
    var content = sha1.of(file);
    var lookup = new Lookup(session, program, repository);
    // What is known may be older than the segment, as may what another has listed meanwhile.
    var stored = List.<String>of();
    for (var age : Age.values()) {
      stored = lookup.checksums(segment, age);
      if (stored.contains(content)) {
        return true;
      }
    }
    return stored.isEmpty();
  }

  /// What is listed again.
  private enum Age {
    KNOWN,
    NEW_SEGMENT,
    NEW_ARCHIVE
  }

  private final class Lookup {
    private final StanzaSession session;
    private final PgBackRest program;
    private final int repository;
    private final Map<Directory, List<RepositoryFile>> seen = new HashMap<>();

    Lookup(StanzaSession session, PgBackRest program, int repository) {
      this.session = session;
      this.program = program;
      this.repository = repository;
    }

    List<String> checksums(String segment, Age age)
        throws PgBackRestException, IOException, InterruptedException {
      var stanza = "archive/" + program.stanza();
      // Those of the major version: a segment is in one of them.
      var prefix = Files.readString(pgData.resolve("PG_VERSION")).strip() + "-";
      var checksums = new ArrayList<String>();
      for (var archive : list(stanza, age == Age.NEW_ARCHIVE)) {
        if (archive.name().startsWith(prefix)) {
          var path = stanza + "/" + archive.name() + "/";
          checksums.addAll(
              new RepositoryWal(name -> list(path + name, age != Age.KNOWN)).checksums(segment));
        }
      }
      return checksums;
    }

    private List<RepositoryFile> list(String path, boolean again)
        throws PgBackRestException, InterruptedException {
      var directory = new Directory(session.configuration(), repository, path);
      var files = listings.read(program, directory, again ? seen.get(directory) : null);
      seen.put(directory, files);
      return files;
    }
  }
}
