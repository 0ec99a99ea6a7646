package com.dalibo.pgbackrest.testbed.program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A program that tests need, found or fetched by a script of this repository's `tools`.
public final class ToolScript {
  private static final Map<List<String>, Path> FOUND = new ConcurrentHashMap<>();

  private ToolScript() {}

  /// What `tools/SCRIPT ARGUMENT...` prints.
  public static Path path(String script, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(WorkingTree.root().resolve("tools").resolve(script).toString());
    command.addAll(List.of(arguments));
    return FOUND.computeIfAbsent(List.copyOf(command), ToolScript::find);
  }

  private static Path find(List<String> command) {
    Path program = Path.of(run(command));
    if (!Files.isExecutable(program)) {
      throw new IllegalStateException(
          "'%s' printed '%s', which is no program".formatted(String.join(" ", command), program));
    }
    return program;
  }

  /// What a program prints that has to succeed.
  public static String run(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (process.waitFor() != 0) {
        throw new IllegalStateException(
            "'%s' failed; run it by hand to see why".formatted(command.getFirst()));
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException("'" + command.getFirst() + "' cannot be run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
