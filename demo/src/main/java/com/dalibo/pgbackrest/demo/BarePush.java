package com.dalibo.pgbackrest.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;

/// `pgbackrest archive-push` as PostgreSQL would run it without any plugin: started by a shell that
/// waits for the next file, so that no JVM's way of starting programs is in the time.
final class BarePush implements AutoCloseable {
  private final Process shell;
  private final Writer paths;
  private final BufferedReader answers;
  private final Path log;

  BarePush(Path program, Path configuration) {
    String loop =
        "while read -r file; do '%s' --config='%s' --stanza=main archive-push \"$file\" >&2; echo $?; done"
            .formatted(program, configuration);
    log = configuration.resolveSibling("bare-push.log");
    try {
      ProcessBuilder builder =
          new ProcessBuilder("/bin/sh", "-c", loop)
              .redirectError(ProcessBuilder.Redirect.to(log.toFile()));
      builder.environment().keySet().removeIf(name -> name.startsWith("PGBACKREST"));
      shell = builder.start();
      paths = shell.outputWriter();
      answers = shell.inputReader();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void push(Path walFile) {
    try {
      paths.write(walFile + "\n");
      paths.flush();
      String status = answers.readLine();
      if (!"0".equals(status)) {
        throw new IllegalStateException(
            "pgbackrest archive-push of '%s' ended with %s:\n%s"
                .formatted(walFile, status, Files.readString(log)));
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
