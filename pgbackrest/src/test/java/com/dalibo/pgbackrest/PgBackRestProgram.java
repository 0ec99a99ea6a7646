package com.dalibo.pgbackrest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;

/// Where the real program is on this machine, as `tools/pgbackrest` says.
public final class PgBackRestProgram {
  private PgBackRestProgram() {}

  public static Path path() throws Exception {
    var process =
        new ProcessBuilder(Path.of("..", "tools", "pgbackrest").toAbsolutePath().toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    var output = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    assertThat(process.waitFor()).isZero();
    return Path.of(output);
  }
}
