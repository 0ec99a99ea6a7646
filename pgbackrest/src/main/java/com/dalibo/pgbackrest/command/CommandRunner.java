package com.dalibo.pgbackrest.command;

import com.dalibo.pgbackrest.error.ErrorCode;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.process.Invocation;
import com.dalibo.pgbackrest.process.LogLine;
import com.dalibo.pgbackrest.process.ProgramOutput;
import com.dalibo.pgbackrest.process.ProgramRunner;
import com.dalibo.pgbackrest.process.StallWatch;
import com.dalibo.pgbackrest.process.Watch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/// Builds the invocation of a command and runs it. The environment is made from nothing but what
/// the runner hands on: pgBackRest reads every `PGBACKREST_*` variable, and a Kubernetes Service of
/// that name injects some.
record CommandRunner(
    Path program, ProgramRunner runner, Path configurationFile, String stanza, Duration deadline) {

  CommandRunner within(Duration newDeadline) {
    return new CommandRunner(program, runner, configurationFile, stanza, newDeadline);
  }

  /// Runs a command that is successful with exit code 0 only.
  ProgramOutput run(String command, Duration timeout, List<String> arguments)
      throws PgBackRestException, InterruptedException {
    return run(command, timeout, LogLine.Level.WARN, arguments, _ -> {});
  }

  ProgramOutput run(
      String command,
      Duration timeout,
      LogLine.Level level,
      List<String> arguments,
      Consumer<LogLine> progress)
      throws PgBackRestException, InterruptedException {
    return successful(
        command, start(command, invocation(command, timeout, level, arguments), progress));
  }

  /// Runs a command under a watch of its own and leaves the exit code to the caller.
  ProgramOutput attempt(String command, Duration timeout, Watch watch, List<String> arguments)
      throws PgBackRestException, InterruptedException {
    return start(
        command, invocation(command, timeout, watch, LogLine.Level.WARN, arguments), _ -> {});
  }

  /// The invocation of a command that works for any stanza.
  Invocation forAnyStanza(String command, LogLine.Level level, Watch watch) {
    return new Invocation(
        program,
        List.of(
            command,
            "--config=" + configurationFile.toAbsolutePath(),
            "--log-level-console=off",
            "--log-level-stderr=" + level.name().toLowerCase(Locale.ROOT),
            "--no-log-timestamp"),
        environment(),
        deadline,
        watch);
  }

  ProgramOutput run(String command, Invocation invocation, Consumer<LogLine> progress)
      throws PgBackRestException, InterruptedException {
    return successful(command, start(command, invocation, progress));
  }

  /// Runs a command that has neither stanza nor configuration.
  ProgramOutput runBare(String command, Duration timeout, List<String> arguments)
      throws PgBackRestException, InterruptedException {
    var all = new ArrayList<>(List.of(command));
    all.addAll(arguments);
    return successful(
        command,
        start(command, new Invocation(program, all, environment(), shorter(timeout)), _ -> {}));
  }

  Invocation invocation(
      String command, Duration timeout, LogLine.Level level, List<String> arguments) {
    return invocation(command, shorter(timeout), new StallWatch(limit(command)), level, arguments);
  }

  /// How long a command may do nothing at all.
  private static Duration limit(String command) {
    return switch (command) {
      // It waits for a checkpoint of PostgreSQL, up to pgBackRest's db-timeout.
      case "backup" -> Duration.ofMinutes(35);
      case "restore", "verify" -> Duration.ofMinutes(10);
      // pgBackRest ends each wait for a store after a minute.
      default -> Duration.ofMinutes(5);
    };
  }

  private Invocation invocation(
      String command, Duration timeout, Watch watch, LogLine.Level level, List<String> arguments) {
    var all = new ArrayList<String>();
    all.add(command);
    all.add("--config=" + configurationFile.toAbsolutePath());
    all.add("--stanza=" + stanza);
    // The log on stderr, so that stdout is for what was asked.
    all.add("--log-level-console=off");
    all.add("--log-level-stderr=" + level.name().toLowerCase(Locale.ROOT));
    all.add("--no-log-timestamp");
    all.addAll(arguments);
    return new Invocation(program, all, environment(), timeout, watch);
  }

  /// Ends a command of this stanza that runs apart from the one that started it, and hangs.
  void endStalled(String command) {
    var _ = runner.endStalled(List.of(command, "--stanza=" + stanza), limit(command));
  }

  private Map<String, String> environment() {
    return Map.of(
        "PATH", "/usr/local/bin:/usr/bin:/bin",
        "LANG", "C.UTF-8",
        "TZ", "UTC",
        "HOME", configurationFile.toAbsolutePath().resolveSibling("").toString());
  }

  Duration shorter(Duration timeout) {
    return timeout.compareTo(deadline) < 0 ? timeout : deadline;
  }

  private ProgramOutput start(String command, Invocation invocation, Consumer<LogLine> progress)
      throws PgBackRestException, InterruptedException {
    try {
      return runner.run(invocation, progress);
    } catch (TimeoutException e) {
      throw PgBackRestException.of(
          command, ErrorCode.DEADLINE, e.getMessage() + " and was ended", e);
    } catch (IOException e) {
      throw PgBackRestException.of(
          command,
          ErrorCode.NOT_STARTED,
          "cannot run '%s': %s".formatted(program, e.getMessage()),
          e);
    }
  }

  private static ProgramOutput successful(String command, ProgramOutput output)
      throws PgBackRestException {
    if (output.exitCode() != 0) {
      throw PgBackRestException.of(command, output);
    }
    return output;
  }
}
