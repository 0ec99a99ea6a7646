package com.dalibo.pgbackrest.sidecar.backup;

import com.dalibo.pgbackrest.sidecar.settings.MemoryLimit;
import com.dalibo.pgbackrest.stanza.api.SidecarMemory;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.Set;

/// What a full backup copies.
///
/// @param bytes of all files
/// @param files how many
record DatabaseSize(long bytes, long files) {
  private static final int GIBI = 30;
  private static final long HUNDRED_THOUSAND = 100_000;

  /// Its tablespaces included, and WAL not.
  static DatabaseSize of(Path pgData) throws IOException {
    var sum = new Sum(pgData);
    Files.walkFileTree(pgData, Set.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, sum);
    return new DatabaseSize(sum.bytes, sum.files);
  }

  /// The limit with which a backup of it runs beside Java and archiving.
  MemoryLimit needed(int processes) {
    var gibibytes = (bytes / processes) >> GIBI;
    var process =
        Math.min(
            SidecarMemory.SMALL_BACKUP_PROCESS_BYTES + SidecarMemory.GIBIBYTE_BYTES * gibibytes,
            SidecarMemory.BACKUP_PROCESS_BYTES);
    return new MemoryLimit(
        Optional.of(
            SidecarMemory.LEAST_BYTES
                + process * processes
                + files / HUNDRED_THOUSAND * SidecarMemory.HUNDRED_THOUSAND_FILES_BYTES));
  }

  private static final class Sum extends SimpleFileVisitor<Path> {
    private final Path wal;
    private long bytes;
    private long files;

    private Sum(Path pgData) {
      wal = pgData.resolve("pg_wal");
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
      return directory.equals(wal) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (attributes.isRegularFile()) {
        bytes += attributes.size();
        files++;
      }
      return FileVisitResult.CONTINUE;
    }

    /// PostgreSQL removes files while they are counted.
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException gone) {
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, IOException gone) {
      return FileVisitResult.CONTINUE;
    }
  }
}
