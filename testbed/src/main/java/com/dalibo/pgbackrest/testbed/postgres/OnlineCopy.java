package com.dalibo.pgbackrest.testbed.postgres;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;

/// A copy of the data directory of a server that runs, by the low-level API for backups of
/// PostgreSQL (chapter "Continuous Archiving"). Tablespaces are not copied.
record OnlineCopy(Postgres server) {
  private static final Set<String> LEFT_EMPTY =
      Set.of(
          "pg_wal",
          "pg_replslot",
          "pg_dynshmem",
          "pg_notify",
          "pg_serial",
          "pg_snapshots",
          "pg_stat_tmp",
          "pg_subtrans");
  private static final Set<String> LEFT_OUT =
      Set.of("postmaster.pid", "postmaster.opts", "postgresql.auto.conf.tmp", "backup_label");

  void to(Path target) throws SQLException, IOException {
    boolean old = server.majorVersion() < 15;
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          old
              ? "select pg_start_backup('copy', true, false)"
              : "select pg_backup_start('copy', true)");
      copyTree(server.dataDirectory(), target);
      try (ResultSet stopped =
          statement.executeQuery(
              "select labelfile from "
                  + (old ? "pg_stop_backup(false, false)" : "pg_backup_stop(false)"))) {
        stopped.next();
        Files.writeString(target.resolve("backup_label"), stopped.getString(1));
      }
      // All WAL that the copy needs, in case streaming comes too late for it.
      copyFiles(server.walDirectory(), target.resolve("pg_wal"));
    }
  }

  private static void copyTree(Path source, Path target) throws IOException {
    Files.walkFileTree(
        source,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            Path relative = source.relativize(directory);
            Files.createDirectories(target.resolve(relative));
            return LEFT_EMPTY.contains(relative.toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Path relative = source.relativize(file);
            if (!LEFT_OUT.contains(relative.toString())) {
              copyFile(file, target.resolve(relative));
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }
        });
  }

  private static void copyFiles(Path source, Path target) throws IOException {
    try (var files = Files.list(source)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        copyFile(file, target.resolve(file.getFileName()));
      }
    }
  }

  /// Files come and go while the server runs; what is gone is not needed.
  private static void copyFile(Path source, Path target) throws IOException {
    try {
      Files.copy(source, target, StandardCopyOption.REPLACE_EXISTING);
    } catch (NoSuchFileException gone) {
      Files.deleteIfExists(target);
    }
  }
}
