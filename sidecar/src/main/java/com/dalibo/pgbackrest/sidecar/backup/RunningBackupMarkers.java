package com.dalibo.pgbackrest.sidecar.backup;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.sidecar.kubernetes.ObjectReference;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// The backups that this container takes, each marked by a file that outlives the process: a mark
/// that is there when a process starts is of a backup that ended with the process before.
public final class RunningBackupMarkers {
  private static final Log log = Log.named("backup");

  private final Path directory;

  public RunningBackupMarkers(Path directory) {
    this.directory = directory;
  }

  /// A backup, and the cluster it is of.
  public record Marked(ObjectReference backup, ObjectReference cluster) {}

  /// Closed when the backup has ended, well or not.
  public interface Mark extends AutoCloseable {
    @Override
    void close();
  }

  /// A backup without a mark is as good; only its sudden end would not be told.
  public Mark set(Marked marked) {
    var file = directory.resolve(UUID.randomUUID() + ".json");
    var content = new JsonObject();
    content.add("backup", marked.backup().reference());
    content.add("cluster", marked.cluster().reference());
    try {
      Files.createDirectories(directory);
      Files.writeString(file, content.toString());
    } catch (IOException trouble) {
      log.warning("cannot mark the backup as running", "file", file, "cause", trouble.getMessage());
    }
    return () -> remove(file);
  }

  /// The marks of an earlier process; asked for once, before this process takes a backup.
  List<Marked> left() {
    List<Marked> left = new ArrayList<>();
    for (var file : files()) {
      try {
        left.add(read(Files.readString(file)));
      } catch (IOException | RuntimeException trouble) {
        // Whatever stands there, PostgreSQL waits for this process to start.
        log.debug(
            "cannot read a marker of a running backup",
            "file",
            file,
            "cause",
            trouble.getMessage());
      }
      remove(file);
    }
    return left;
  }

  private List<Path> files() {
    try (var files = Files.newDirectoryStream(directory, "*.json")) {
      List<Path> found = new ArrayList<>();
      files.forEach(found::add);
      return found;
    } catch (NoSuchFileException _) {
      return List.of();
    } catch (IOException | DirectoryIteratorException trouble) {
      log.warning(
          "interrupted backups cannot be reported",
          "file",
          directory,
          "cause",
          trouble.getMessage());
      return List.of();
    }
  }

  private static Marked read(String text) {
    var content = JsonParser.parseString(text).getAsJsonObject();
    return new Marked(
        ObjectReference.of(content.getAsJsonObject("backup")),
        ObjectReference.of(content.getAsJsonObject("cluster")));
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException trouble) {
      log.warning(
          "cannot remove the marker of a backup", "file", file, "cause", trouble.getMessage());
    }
  }
}
