package com.dalibo.pgbackrest.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where the real pgbackrest program is on this machine.
public final class PgBackRestProgram {
  private PgBackRestProgram() {}

  /// The path in the environment variable `PGBACKREST`, else what `tools/pgbackrest` prints.
  public static Path path() {
    @Nullable String given = System.getenv("PGBACKREST");
    return given == null || given.isBlank() ? Found.PATH : Path.of(given);
  }

  private static final class Found {
    static final Path PATH = find();

    private static Path find() {
      Path tool = Repository.root().resolve("tools/pgbackrest");
      try {
        Process process =
            new ProcessBuilder(tool.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output =
            new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0 || !Files.isExecutable(Path.of(output))) {
          throw new IllegalStateException(
              "'tools/pgbackrest' found no program; run it by hand to see why");
        }
        return Path.of(output);
      } catch (IOException e) {
        throw new UncheckedIOException("'" + tool + "' cannot be run", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }
}
