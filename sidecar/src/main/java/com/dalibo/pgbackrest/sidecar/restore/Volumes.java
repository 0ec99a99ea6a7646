package com.dalibo.pgbackrest.sidecar.restore;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where CNPG mounts the volumes of an instance: `data/pgdata`, `wal/pg_wal` and
/// `tablespaces/NAME/data` below one directory, `/var/lib/postgresql`.
public record Volumes(Path root, Path pgData) {
  public static Volumes around(Path pgData) {
    var data = pgData.toAbsolutePath().getParent();
    var root = data == null ? null : data.getParent();
    if (root == null) {
      throw new IllegalArgumentException(
          "'PGDATA' is '%s'; CNPG has it at /var/lib/postgresql/data/pgdata".formatted(pgData));
    }
    return new Volumes(root, pgData);
  }

  Path wal() {
    return root.resolve("wal").resolve("pg_wal");
  }

  /// Where a backup is copied to, on the volume of the data directory: what a try that was killed
  /// had copied stays there, as CNPG removes a data directory without a control file.
  Path copy() {
    return pgData.resolveSibling("pgbackrest-plugin.copy");
  }

  Path tablespace(String name) {
    return root.resolve("tablespaces").resolve(name).resolve("data");
  }

  /// Makes an empty directory for a tablespace, where its volume is mounted.
  ///
  /// @return whether it is mounted
  boolean makeTablespace(String name) throws IOException {
    var directory = tablespace(name);
    if (!Files.isDirectory(directory.resolveSibling(""))) {
      return false;
    }
    empty(directory);
    Files.createDirectories(directory);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    return true;
  }

  /// The places of these tablespaces, whatever their places were when the backup was taken.
  Map<String, String> tablespaceMap(List<String> names) {
    var places = new LinkedHashMap<String, String>();
    names.forEach(name -> places.put(name, tablespace(name).toString()));
    return places;
  }

  boolean holdData() throws IOException {
    return isNotEmpty(pgData);
  }

  /// Empties a directory, and says whether there was anything.
  static boolean empty(Path directory) throws IOException {
    if (!isNotEmpty(directory)) {
      return false;
    }
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            if (!visited.equals(directory)) {
              Files.delete(visited);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return true;
  }

  /// Removes a directory with all that is in it, if it is there.
  public static void remove(Path directory) throws IOException {
    var _ = empty(directory);
    Files.deleteIfExists(directory);
  }

  /// What is free for the data directory and these tablespaces together; WAL is not counted.
  long freeBytes(List<String> tablespaces) throws IOException {
    var stores = new HashMap<Object, Long>();
    addStore(stores, existing(pgData));
    for (var name : tablespaces) {
      addStore(stores, existing(tablespace(name)));
    }
    return stores.values().stream().mapToLong(Long::longValue).sum();
  }

  private static void addStore(Map<Object, Long> stores, Path place) throws IOException {
    var store = Files.getFileStore(place);
    stores.put(Files.getAttribute(place, "unix:dev"), store.getUsableSpace());
  }

  private static Path existing(Path path) {
    var place = path;
    while (!Files.exists(place) && place.getParent() != null) {
      place = place.getParent();
    }
    return place;
  }

  private static boolean isNotEmpty(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return false;
    }
    try (DirectoryStream<Path> content = Files.newDirectoryStream(directory)) {
      return content.iterator().hasNext();
    }
  }
}
