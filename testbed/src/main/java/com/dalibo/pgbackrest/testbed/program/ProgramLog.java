package com.dalibo.pgbackrest.testbed.program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The file that keeps all that a program prints, over several starts.
public record ProgramLog(Path file) {

  /// A program that prints there, not started yet.
  public ProcessBuilder program(List<String> command) {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(file.toFile()));
  }

  /// Everything that has been printed.
  public String text() {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
