package com.dalibo.pgbackrest.testbed.program;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where the real pgbackrest program is on this machine.
public final class PgBackRestProgram {
  private PgBackRestProgram() {}

  /// The path in the environment variable `PGBACKREST`, else what `tools/pgbackrest` prints.
  public static Path path() {
    @Nullable String given = System.getenv("PGBACKREST");
    return given == null || given.isBlank() ? ToolScript.path("pgbackrest") : Path.of(given);
  }
}
