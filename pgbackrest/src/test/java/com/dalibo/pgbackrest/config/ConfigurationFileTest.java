package com.dalibo.pgbackrest.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationFileTest {
  @TempDir Path folder;

  private static Configuration configuration(String path) {
    return Configuration.builder("main").repository(1, "path", path).build();
  }

  @Test
  void onlyOurUserMayReadIt() throws IOException {
    var file = folder.resolve("pgbackrest.conf");

    var written = ConfigurationFile.write(file, configuration("/a"));

    assertThat(written).isTrue();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(file).hasContent("[global]\nrepo1-path=/a\n");
    assertThat(folder.toFile().list()).containsExactly("pgbackrest.conf");
  }

  @Test
  void theSameContentIsNotWrittenAgain() throws IOException {
    var file = folder.resolve("pgbackrest.conf");
    ConfigurationFile.write(file, configuration("/a"));

    var written = ConfigurationFile.write(file, configuration("/a"));

    assertThat(written).isFalse();
  }

  @Test
  void otherContentOfTheSameLengthIsWritten() throws IOException {
    var file = folder.resolve("pgbackrest.conf");
    ConfigurationFile.write(file, configuration("/a"));

    var written = ConfigurationFile.write(file, configuration("/b"));

    assertThat(written).isTrue();
    assertThat(file).hasContent("[global]\nrepo1-path=/b\n");
  }
}
