package com.dalibo.pgbackrest.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;

/// A command of pgBackRest as PostgreSQL would run it without any plugin: started by a shell that
/// waits for the next file, so that no JVM's way of starting programs is in the time.
final class BareProgram implements AutoCloseable {
  private final Process shell;
  private final Writer files;
  private final BufferedReader answers;
  private final Path log;

  /// @param command with the file as `$file`
  private BareProgram(Path program, Path configuration, String command) {
    String loop =
        "while read -r file; do '%s' --config='%s' --stanza=main %s >&2; echo $?; done"
            .formatted(program, configuration, command);
    log = configuration.resolveSibling("bare-program.log");
    try {
      ProcessBuilder builder =
          new ProcessBuilder("/bin/sh", "-c", loop)
              .redirectError(ProcessBuilder.Redirect.to(log.toFile()));
      builder.environment().keySet().removeIf(name -> name.startsWith("PGBACKREST"));
      shell = builder.start();
      files = shell.outputWriter();
      answers = shell.inputReader();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static BareProgram push(Path program, Path configuration) {
    return new BareProgram(program, configuration, "archive-push \"$file\"");
  }

  static BareProgram get(Path program, Path configuration, Path destination) {
    return new BareProgram(
        program, configuration, "archive-get \"$file\" '%s'".formatted(destination));
  }

  void run(String file) {
    try {
      files.write(file + "\n");
      files.flush();
      String status = answers.readLine();
      if (!"0".equals(status)) {
        throw new IllegalStateException(
            "pgbackrest for '%s' ended with %s:\n%s"
                .formatted(file, status, Files.readString(log)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    shell.destroy();
  }
}
