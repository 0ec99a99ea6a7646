package com.dalibo.pgbackrest.command;

import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.process.Invocation;
import com.dalibo.pgbackrest.process.LogLine;
import com.dalibo.pgbackrest.process.ProgramRunner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/// pgBackRest's TLS server: lets the pgBackRest of another host work on the PostgreSQL of this one,
/// as far as the configuration allows it to.
public final class PgBackRestServer {
  private static final String COMMAND = "server";
  private static final Duration FOR_EVER = Duration.ofDays(36_500);

  private final ProgramRunner runner;
  private final CommandRunner commands;
  private final Invocation invocation;

  public PgBackRestServer(Path program, ProgramRunner runner, Path configurationFile) {
    this.runner = runner;
    this.commands = new CommandRunner(program, runner, configurationFile, "", FOR_EVER);
    this.invocation = commands.forAnyStanza(COMMAND, LogLine.Level.WARN);
  }

  /// Serves until the calling thread is interrupted; returns or throws earlier only when the
  /// program ends by itself. Those it serves are ended with it.
  public void serve(Consumer<LogLine> trouble) throws PgBackRestException, InterruptedException {
    var _ = commands.run(COMMAND, invocation, trouble);
  }

  /// Makes it read its configuration and its certificates again. Whom it serves at the moment does
  /// not notice.
  public void reload() throws InterruptedException {
    runner.hangUp(invocation);
  }
}
