package com.dalibo.pgbackrest.sidecar.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.process.ProgramRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileSha1Test {
  /// Of "abc", in FIPS 180.
  private static final String ABC = "a9993e364706816aba3e25717850c26c9cd0d89d";

  @TempDir private Path directory;
  private final ProgramRunner runner = new ProgramRunner();
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(directory.resolve(".000000010000000000000001.prefetched"), "abc");
  }

  @Test
  void theProgramIsAskedFirst() throws Exception {
    var other = "0123456789012345678901234567890123456789";

    assertThat(of(program("echo '%s *'\"$2\"".formatted(other)))).isEqualTo(other);
  }

  @Test
  void theProgramOfTheSystemAnswers() throws Exception {
    assertThat(new FileSha1(runner).of(file)).isEqualTo(ABC);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "exit 1",
        "kill -9 $$",
        "true",
        "echo 'a9993e'",
        "echo '0123456789012345678901234567890123456789 *x'; exit 1"
      })
  void javaAnswersWhereTheProgramDoesNot(String script) throws Exception {
    assertThat(of(program(script))).isEqualTo(ABC);
  }

  @Test
  void javaAnswersWhereThereIsNoProgram() throws Exception {
    assertThat(of(directory.resolve("none"))).isEqualTo(ABC);
  }

  /// A recovery checks thousands of segments.
  @Test
  void aProgramThatHangsCostsItsTimeLimitOnce() throws Exception {
    var asked = directory.resolve("asked");
    var sha1 =
        new FileSha1(
            runner, program("echo x >> '%s'; sleep 60".formatted(asked)), Duration.ofMillis(300));

    assertThat(sha1.of(file)).isEqualTo(ABC);
    assertThat(sha1.of(file)).isEqualTo(ABC);

    assertThat(asked).hasContent("x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"with space", "back\\slash", "two\nlines", "-c", "*", "\u00e9"})
  void aFileMayHaveAnyName(String name) throws Exception {
    var odd = Files.writeString(directory.resolve(name), "abc");

    assertThat(new FileSha1(runner).of(odd)).isEqualTo(ABC);
  }

  @Test
  void aFileThatIsGoneHasNone() throws Exception {
    Files.delete(file);

    assertThatThrownBy(() -> new FileSha1(runner).of(file)).isInstanceOf(NoSuchFileException.class);
  }

  private String of(Path program) throws Exception {
    return new FileSha1(runner, program, Duration.ofSeconds(30)).of(file);
  }

  private Path program(String script) throws IOException {
    var program = Files.writeString(directory.resolve("program"), "#!/bin/sh\n" + script + "\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    return program;
  }
}
