package com.dalibo.pgbackrest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.tukaani.xz.XZInputStream;

/// The programs of one major version of PostgreSQL, unpacked once per build by whichever JVM of the
/// tests needs them first.
public record PostgresPrograms(Path folder) {
  private static final Path ARCHIVES = Path.of("target", "postgresql").toAbsolutePath();

  public static synchronized PostgresPrograms of(int majorVersion) throws Exception {
    var folder = ARCHIVES.resolve(Integer.toString(majorVersion));
    var lock = ARCHIVES.resolve(majorVersion + ".lock");
    try (var channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var _ = channel.lock()) {
      if (!Files.exists(folder)) {
        var fresh = Files.createTempDirectory(ARCHIVES, "unpacking-");
        unpack(archive(majorVersion), fresh);
        Files.move(fresh, folder);
      }
    }
    return new PostgresPrograms(folder);
  }

  /// Makes a database cluster.
  ///
  /// @param more options
  public void initdb(Path data, String... more) throws Exception {
    var options =
        List.of("-D", data.toString(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync");
    run("initdb", Stream.concat(options.stream(), Stream.of(more)).toArray(String[]::new));
  }

  public void run(String program, String... arguments) throws IOException {
    var command = new ArrayList<>(List.of(folder.resolve("bin").resolve(program).toString()));
    command.addAll(List.of(arguments));
    var log = Files.createTempFile("program", ".log");
    var process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertThat(exitCode(process)).as(() -> command + ": " + text(log)).isZero();
    Files.delete(log);
  }

  private static int exitCode(Process process) throws IOException {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
      throw new IOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static Path archive(int majorVersion) throws IOException {
    try (var files = Files.list(ARCHIVES)) {
      return files
          .filter(file -> file.getFileName().toString().matches(".*-" + majorVersion + "\\..*jar"))
          .findFirst()
          .orElseThrow();
    }
  }

  private static void unpack(Path archive, Path folder) throws Exception {
    try (var zip = new ZipFile(archive.toFile())) {
      var packed =
          zip.stream().filter(entry -> entry.getName().endsWith(".txz")).findFirst().orElseThrow();
      var tar =
          new ProcessBuilder("tar", "-x", "--no-same-owner", "-C", folder.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try (var in = new XZInputStream(zip.getInputStream(packed));
          var out = tar.getOutputStream()) {
        in.transferTo(out);
      }
      assertThat(tar.waitFor()).isZero();
    }
  }
}
