package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.testbed.program.PgBackRestProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A pgBackRest that is older than an option: a script that calls itself 2.58 and is the installed
/// one in all else.
@Timeout(300)
class OlderProgramIT {
  @TempDir private Path directory;

  @Test
  void anOptionThatTheInstalledPgBackRestLacksIsRefusedAndWorksWithOneThatHasIt() throws Exception {
    try (var stage = new TestInstance(directory, TestInstance.archiving())) {
      stage.applyStanza("main", stage.oneRepository());
      stage.api.apply(
          """
          apiVersion: pgbackrest.dalibo.com/v1
          kind: Stanza
          metadata: {name: main}
          spec: {stanzaConfiguration: {options: {repo1-storage-prefetch: "5"}}}
          """);
      stage.useProgram(older());
      var segment = stage.segment(TestInstance.SEGMENT);

      assertThatThrownBy(() -> stage.manager.archive(segment))
          .hasMessageContaining("FAILED_PRECONDITION")
          .hasMessageContaining(
              "options['repo1-storage-prefetch'] of the Stanza 'main' needs pgBackRest 2.60, and 2.58.0 is installed; use an image of the sidecar with a newer pgBackRest, or remove it");

      stage.useProgram(PgBackRestProgram.path());
      stage.manager.archive(segment);
    }
  }

  private Path older() throws Exception {
    var script =
        Files.writeString(
            directory.resolve("pgbackrest"),
            """
            #!/bin/sh
            [ "$1" != version ] || { echo 2058000; exit; }
            exec '%s' "$@"
            """
                .formatted(PgBackRestProgram.path()));
    return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
