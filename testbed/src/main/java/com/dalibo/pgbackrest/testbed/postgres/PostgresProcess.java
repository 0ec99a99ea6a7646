package com.dalibo.pgbackrest.testbed.postgres;

import com.dalibo.pgbackrest.testbed.program.ExitHook;
import com.dalibo.pgbackrest.testbed.program.ProgramLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The process of a server, while it runs, and its log. It ends with this JVM.
final class PostgresProcess {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final ProgramLog log;
  private @Nullable ExitHook hook;
  private @Nullable Process process;

  PostgresProcess(Path log) {
    this.log = new ProgramLog(log);
  }

  /// Runs a program to its end.
  static void run(List<String> command) {
    try {
      Process started = alone(new ProcessBuilder(command)).redirectErrorStream(true).start();
      String output = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (started.waitFor() != 0) {
        throw new IllegalStateException("'%s' failed:\n%s".formatted(command.getFirst(), output));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /// Without the variables of PostgreSQL's clients.
  private static ProcessBuilder alone(ProcessBuilder builder) {
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    return builder;
  }

  void start(List<String> command, Map<String, String> environment) {
    ProcessBuilder builder = alone(log.program(command));
    builder.environment().putAll(environment);
    hook = ExitHook.register(this::end);
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException("PostgreSQL cannot be started", e);
    }
  }

  boolean isRunning() {
    return process != null && process.isAlive();
  }

  void signal(String name) {
    run(List.of("kill", "-" + name, "" + started().pid()));
  }

  int waitForExit() {
    try {
      Process started = started();
      if (!started.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException("PostgreSQL still runs:\n" + lastLog(40));
      }
      forget();
      return started.exitValue();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  void kill() {
    Process started = started();
    List<ProcessHandle> children = started.descendants().toList();
    started.destroyForcibly();
    waitForExit();
    children.forEach(ProcessHandle::destroyForcibly);
    Instant deadline = Instant.now().plus(PATIENCE);
    while (children.stream().anyMatch(ProcessHandle::isAlive) && Instant.now().isBefore(deadline)) {
      pause();
    }
  }

  /// Whatever its state.
  void end() {
    if (!isRunning()) {
      return;
    }
    Process started = started();
    List<ProcessHandle> children = started.descendants().toList();
    signal("QUIT");
    try {
      if (!started.waitFor(10, TimeUnit.SECONDS)) {
        started.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      started.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    children.forEach(ProcessHandle::destroyForcibly);
    forget();
  }

  Path log() {
    return log.file();
  }

  String lastLog(int lines) {
    List<String> all = log.text().lines().toList();
    return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
  }

  private Process started() {
    if (process == null) {
      throw new IllegalStateException("PostgreSQL does not run");
    }
    return process;
  }

  private void forget() {
    process = null;
    if (hook != null) {
      hook.withdraw();
    }
  }

  static void pause() {
    try {
      Thread.sleep(Duration.ofMillis(50));
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static IllegalStateException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted", e);
  }
}
