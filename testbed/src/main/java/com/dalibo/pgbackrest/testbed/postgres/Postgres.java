package com.dalibo.pgbackrest.testbed.postgres;

import com.dalibo.pgbackrest.testbed.program.ServerProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One PostgreSQL server on loopback: a data directory, a port, and, while it runs, a process.
/// Superuser `postgres`, no password. Settings of [#set] are in `postgresql.conf`; they take effect
/// at the next start or [#reload].
public final class Postgres implements AutoCloseable {
  /// How a server is asked to stop.
  public enum Stop {
    /// Rolls back what is running, writes a checkpoint, archives what is ready.
    FAST("INT"),
    /// Stops as after a crash.
    IMMEDIATE("QUIT");

    private final String signal;

    Stop(String signal) {
      this.signal = signal;
    }
  }

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final PostgresInstallation installation;
  private final Path dataDirectory;
  private final Path socketDirectory;
  private final int port;
  private final Map<String, String> settings = new LinkedHashMap<>();
  private final Map<String, String> environment = new LinkedHashMap<>();
  private final PostgresProcess process;
  private final SqlClient client;

  private Postgres(PostgresInstallation installation, Path dataDirectory, Path runDirectory) {
    this.installation = installation;
    this.dataDirectory = dataDirectory.toAbsolutePath();
    this.socketDirectory = runDirectory.toAbsolutePath();
    this.port = ServerProgram.freePort();
    this.process = new PostgresProcess(socketDirectory.resolve("postgres-" + port + ".log"));
    this.client = new SqlClient("jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres");
    settings.put("port", "" + port);
    settings.put("listen_addresses", "127.0.0.1");
    settings.put("unix_socket_directories", socketDirectory.toString());
    // Small and quick: many servers run beside each other on a small machine.
    settings.put("shared_buffers", "16MB");
    settings.put("max_connections", "20");
    settings.put("wal_level", "replica");
    settings.put("log_line_prefix", "%m [%p] ");
  }

  /// Makes a new database cluster in the directory, with data checksums. Further options go to
  /// `initdb`, such as `--wal-segsize=1`.
  public static Postgres initdb(int majorVersion, Path dataDirectory, String... options) {
    Postgres postgres = existing(majorVersion, dataDirectory);
    List<String> command = new ArrayList<>();
    command.add(postgres.installation.program("initdb").toString());
    command.addAll(List.of("-U", "postgres", "--auth=trust", "-k", "-E", "UTF8", "--no-locale"));
    command.add("--no-sync");
    command.addAll(List.of(options));
    command.addAll(List.of("-D", postgres.dataDirectory.toString()));
    PostgresProcess.run(command);
    return postgres;
  }

  /// A server on a data directory that somebody else made or will make, such as a restore.
  public static Postgres existing(int majorVersion, Path dataDirectory) {
    try {
      // The socket's path may have 107 characters: a directory of its own keeps it short.
      Path run = Files.createTempDirectory("pg");
      return new Postgres(PostgresInstallation.of(majorVersion), dataDirectory, run);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Postgres set(String name, String value) {
    settings.put(name, value);
    return this;
  }

  /// What the server and its `archive_command` find in their environment, beside PATH.
  public Postgres environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  public int majorVersion() {
    return installation.majorVersion();
  }

  public Path dataDirectory() {
    return dataDirectory;
  }

  public Path walDirectory() {
    return dataDirectory.resolve("pg_wal");
  }

  public Path socketDirectory() {
    return socketDirectory;
  }

  public int port() {
    return port;
  }

  public String jdbcUrl() {
    return client.jdbcUrl();
  }

  /// Starts and waits until a connection is answered, in recovery too where hot standby allows it.
  public Postgres start() {
    launch();
    Instant deadline = Instant.now().plus(PATIENCE);
    while (!client.isAnswered()) {
      if (!isRunning()) {
        throw new IllegalStateException("PostgreSQL did not start:\n" + lastLog(40));
      }
      if (Instant.now().isAfter(deadline)) {
        process.end();
        throw new IllegalStateException("PostgreSQL does not answer:\n" + lastLog(40));
      }
      PostgresProcess.pause();
    }
    return this;
  }

  /// Starts and does not wait: for a recovery that is expected to stop or to fail.
  public Postgres launch() {
    if (isRunning()) {
      throw new IllegalStateException("PostgreSQL runs already");
    }
    try {
      Files.setPosixFilePermissions(dataDirectory, PosixFilePermissions.fromString("rwx------"));
      Files.writeString(dataDirectory.resolve("postgresql.conf"), renderSettings());
    } catch (IOException e) {
      throw new UncheckedIOException("PostgreSQL cannot be started", e);
    }
    process.start(
        List.of(installation.program("postgres").toString(), "-D", dataDirectory.toString()),
        environment);
    return this;
  }

  private String renderSettings() {
    StringBuilder text = new StringBuilder();
    settings.forEach(
        (name, value) ->
            text.append(name).append(" = '").append(value.replace("'", "''")).append("'\n"));
    return text.append("include_if_exists = 'custom.conf'\n")
        .append("include_if_exists = 'override.conf'\n")
        .toString();
  }

  public boolean isRunning() {
    return process.isRunning();
  }

  /// The exit code of the server that was started last, once it has ended by itself.
  public int waitForExit() {
    return process.waitForExit();
  }

  public void stop() {
    stop(Stop.FAST);
  }

  public void stop(Stop how) {
    process.signal(how.signal);
    waitForExit();
  }

  /// Kills the server process as the kernel would when memory is short, and waits until its
  /// children are gone too.
  public void kill() {
    process.kill();
  }

  public void restart() {
    stop();
    start();
  }

  /// Writes the settings again and lets the server read them.
  public void reload() {
    try {
      Files.writeString(dataDirectory.resolve("postgresql.conf"), renderSettings());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    process.signal("HUP");
  }

  // -- SQL ---------------------------------------------------------------------------------------

  public Connection connect() throws SQLException {
    return client.connect();
  }

  public void execute(String... statements) {
    client.execute(statements);
  }

  /// The rows as text; SQL NULL is the text `null`.
  public List<List<String>> query(String sql) {
    return client.query(sql);
  }

  /// The first column of the first row.
  public String value(String sql) {
    return query(sql).getFirst().getFirst();
  }

  public boolean isInRecovery() {
    return value("select pg_is_in_recovery()").equals("t");
  }

  public void promote() {
    execute("select pg_promote()");
  }

  /// Waits until recovery is over and the server takes writes.
  public void waitForPromotion(Duration patience) {
    Instant deadline = Instant.now().plus(patience);
    while (!client.isAnswered() || isInRecovery()) {
      if (!isRunning() || Instant.now().isAfter(deadline)) {
        throw new IllegalStateException("PostgreSQL did not end recovery:\n" + lastLog(60));
      }
      PostgresProcess.pause();
    }
  }

  /// Ends the current WAL segment and returns its file name.
  public String switchWal() {
    // A record first: a switch without any does nothing.
    return query(
            "select pg_walfile_name(pg_switch_wal()) from"
                + " (select pg_logical_emit_message(false, 'testbed', 'x')) as written")
        .getFirst()
        .getFirst();
  }

  /// Waits until `archive_command` has succeeded for this WAL file.
  public void waitForArchived(String walFile, Duration patience) {
    Path done = walDirectory().resolve("archive_status").resolve(walFile + ".done");
    Path ready = walDirectory().resolve("archive_status").resolve(walFile + ".ready");
    Instant deadline = Instant.now().plus(patience);
    while (!Files.exists(done)
        && (Files.exists(ready) || Files.exists(walDirectory().resolve(walFile)))) {
      if (Instant.now().isAfter(deadline)) {
        throw new IllegalStateException(
            "'%s' is not archived:\n%s".formatted(walFile, lastLog(40)));
      }
      PostgresProcess.pause();
    }
  }

  // -- copies ------------------------------------------------------------------------------------

  /// A standby of this server in a new directory, made by an online copy; it streams from here.
  /// Tablespaces are not copied.
  public Postgres standby(Path directory) {
    Postgres standby = existing(majorVersion(), directory);
    try {
      new OnlineCopy(this).to(standby.dataDirectory);
      Files.writeString(standby.dataDirectory.resolve("standby.signal"), "");
    } catch (SQLException | IOException e) {
      throw new IllegalStateException("the data directory cannot be copied", e);
    }
    standby.set("primary_conninfo", "host=127.0.0.1 port=" + port + " user=postgres");
    standby.set("recovery_target_timeline", "latest");
    return standby;
  }

  // -- its files ---------------------------------------------------------------------------------

  public Path log() {
    return process.log();
  }

  public String lastLog(int lines) {
    return process.lastLog(lines);
  }

  /// Adds a line to a file of the data directory.
  public void append(String file, String line) {
    try {
      Files.writeString(
          dataDirectory.resolve(file),
          line + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Forbids `ALTER SYSTEM` by the mode of its file, as CNPG does up to PostgreSQL 16 unless
  /// `enableAlterSystem` is set.
  public void forbidAlterSystem() {
    setModeOfSettings("r--------");
  }

  /// Allows it again.
  public void allowAlterSystem() {
    setModeOfSettings("rw-------");
  }

  private void setModeOfSettings(String mode) {
    try {
      Files.setPosixFilePermissions(
          dataDirectory.resolve("postgresql.auto.conf"), PosixFilePermissions.fromString(mode));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Ends the server whatever its state, and removes its socket and log.
  @Override
  public void close() {
    process.end();
    try (var files = Files.walk(socketDirectory)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException gone) {
      return;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
