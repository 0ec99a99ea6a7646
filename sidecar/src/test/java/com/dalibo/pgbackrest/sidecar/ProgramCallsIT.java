package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.testbed.program.PgBackRestProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// How often pgBackRest is started: the program is a script that notes each command and runs the
/// installed one.
@Timeout(300)
class ProgramCallsIT {
  @TempDir private Path directory;

  @Test
  void aBackupAsksForInfoOnceBeforeAndOnceAfterIt() throws Exception {
    try (var stage = new TestInstance(directory.resolve("pod"), TestInstance.archiving())) {
      stage.applyStanza("main", stage.oneRepository());
      stage.useProgram(noting());
      stage.startPostgres();
      stage.backup("backupType: full");
      forget();

      stage.backup("backupType: incr");

      assertThat(commands()).filteredOn("info"::equals).hasSize(2);
      assertThat(commands()).filteredOn("backup"::equals).hasSize(1);
    }
  }

  @Test
  void theFirstWalFileIsPushedOnceAfterTheStanzaWasCreated() throws Exception {
    try (var stage = new TestInstance(directory.resolve("pod"), TestInstance.archiving())) {
      stage.applyStanza("main", stage.oneRepository());
      stage.useProgram(noting());

      stage.manager.archive(stage.segment(TestInstance.SEGMENT));

      assertThat(commands())
          .filteredOn(command -> List.of("stanza-create", "archive-push").contains(command))
          .containsExactly("stanza-create", "archive-push");
      forget();
      stage.manager.archive(stage.segment("000000010000000000000002"));
      assertThat(commands()).containsExactly("archive-push");
    }
  }

  @Test
  void aRepositoryThatWasEmptiedMeanwhileGetsItsStanzaAgain() throws Exception {
    try (var stage = new TestInstance(directory.resolve("pod"), TestInstance.archiving())) {
      stage.applyStanza("main", stage.oneRepository());
      stage.useProgram(noting());
      stage.manager.archive(stage.segment(TestInstance.SEGMENT));
      stage.s3.keys("one").forEach(key -> stage.s3.delete("one", key));
      forget();

      stage.manager.archive(stage.segment("000000010000000000000002"));

      assertThat(commands()).contains("info", "stanza-create");
      assertThat(stage.s3.keys("one")).anyMatch(key -> key.contains("000000010000000000000002"));
    }
  }

  private Path noting() throws IOException {
    var script =
        Files.writeString(
            directory.resolve("pgbackrest"),
            """
            #!/bin/sh
            echo "$1" >> '%s'
            exec '%s' "$@"
            """
                .formatted(notes(), PgBackRestProgram.path()));
    return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private List<String> commands() throws IOException {
    return Files.exists(notes()) ? Files.readAllLines(notes()) : List.of();
  }

  private void forget() throws IOException {
    Files.deleteIfExists(notes());
  }

  private Path notes() {
    return directory.resolve("commands");
  }
}
