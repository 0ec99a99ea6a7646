package com.dalibo.pgbackrest.sidecar.walrestore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PropertiesFileTest {
  @TempDir private Path directory;

  @Test
  void isReadAsItWasWrittenAndByOurUserOnly() throws IOException {
    var file = directory.resolve("notes");
    var written = new PropertiesFile(Map.of("name", "a: é = #\n'b'", "count", "7", "none", ""));
    written.write(file);

    assertThat(PropertiesFile.read(file)).contains(written);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void aKeyThatIsNotThereIsEmptyAndZero() throws IOException {
    assertThat(PropertiesFile.read(directory.resolve("notes"))).isEmpty();
    var notes = new PropertiesFile(Map.of("count", "7"));

    assertThat(notes.number("count")).isEqualTo(7);
    assertThat(notes.number("other")).isZero();
    assertThat(notes.text("other")).isEmpty();
    assertThat(notes.has("other")).isFalse();
  }
}
