package com.dalibo.pgbackrest.command;

import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.process.Invocation;
import com.dalibo.pgbackrest.process.LogLine;
import com.dalibo.pgbackrest.process.ProgramRunner;
import com.dalibo.pgbackrest.process.Watch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// pgBackRest's TLS server: lets the pgBackRest of another host work on the PostgreSQL of this one,
/// as far as the configuration allows it to.
public final class PgBackRestServer {
  private static final String COMMAND = "server";
  private static final Duration FOR_EVER = Duration.ofDays(36_500);

  private static final Duration BETWEEN_PINGS = Duration.ofSeconds(30);
  private static final int PINGS = 2;

  private final ProgramRunner runner;
  private final Supplier<String> host;
  private final int port;
  private final CommandRunner commands;
  private final Invocation invocation;

  /// @param host by which it can be reached from here
  public PgBackRestServer(
      Path program, ProgramRunner runner, Path configurationFile, Supplier<String> host, int port) {
    this.runner = runner;
    this.host = host;
    this.port = port;
    this.commands = new CommandRunner(program, runner, configurationFile, "", FOR_EVER);
    this.invocation = commands.forAnyStanza(COMMAND, LogLine.Level.WARN, new PingWatch());
  }

  /// Objects to a server that hangs.
  private final class PingWatch implements Watch {
    private long last = System.nanoTime();
    private int unanswered;

    @Override
    public Optional<String> objection(long group) throws InterruptedException {
      if (System.nanoTime() - last < BETWEEN_PINGS.toNanos()) {
        return Optional.empty();
      }
      try {
        var _ = commands.runBare("server-ping", BETWEEN_PINGS, PgBackRest.ping(host.get(), port));
        unanswered = 0;
      } catch (PgBackRestException _) {
        unanswered++;
      } finally {
        last = System.nanoTime();
      }
      if (unanswered < PINGS) {
        return Optional.empty();
      }
      unanswered = 0;
      return Optional.of("it did not answer %d pings".formatted(PINGS));
    }
  }

  /// Serves until the calling thread is interrupted; returns or throws earlier only when the
  /// program ends by itself, or hangs and is ended. Those it serves are ended with it.
  public void serve(Consumer<LogLine> trouble) throws PgBackRestException, InterruptedException {
    var _ = commands.run(COMMAND, invocation, trouble);
  }

  /// Makes it read its configuration and its certificates again. Whom it serves at the moment does
  /// not notice.
  public void reload() throws InterruptedException {
    runner.hangUp(invocation);
  }
}
