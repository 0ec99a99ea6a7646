package com.dalibo.pgbackrest.sidecar.wal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// WAL that PostgreSQL has marked as ready and nobody has archived yet:
/// `pg_wal/archive_status/*.ready`.
///
/// @param oldest when the first of them was marked
public record ReadyWal(long files, Optional<Instant> oldest) {
  private static final String READY = ".ready";
  private static final ReadyWal NONE = new ReadyWal(0, Optional.empty());

  public static ReadyWal in(Path pgData) {
    try (var marks = Files.newDirectoryStream(status(pgData), "*" + READY)) {
      var files = 0L;
      var oldest = Optional.<Instant>empty();
      for (var mark : marks) {
        var at = marked(mark);
        if (at.isPresent()) {
          files++;
          oldest = oldest.filter(before -> before.isBefore(at.get())).or(() -> at);
        }
      }
      return new ReadyWal(files, oldest);
    } catch (IOException | UncheckedIOException notThereYet) {
      return NONE;
    }
  }

  /// `00000001000000000000000A`
  static Set<String> names(Path pgData) throws IOException {
    var names = new HashSet<String>();
    try (var marks = Files.newDirectoryStream(status(pgData), "*" + READY)) {
      for (var mark : marks) {
        var name = mark.getFileName().toString();
        names.add(name.substring(0, name.length() - READY.length()));
      }
    }
    return names;
  }

  private static Path status(Path pgData) {
    return pgData.resolve("pg_wal/archive_status");
  }

  /// Empty where it has just been archived.
  private static Optional<Instant> marked(Path mark) throws IOException {
    try {
      return Optional.of(Files.getLastModifiedTime(mark).toInstant());
    } catch (NoSuchFileException archived) {
      return Optional.empty();
    }
  }
}
