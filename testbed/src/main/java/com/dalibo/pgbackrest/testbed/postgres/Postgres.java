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
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

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
  private final Path log;
  private final int port;
  private final Map<String, String> settings = new LinkedHashMap<>();
  private final Map<String, String> environment = new LinkedHashMap<>();
  private final Thread ender = new Thread(this::end);
  private @Nullable Process process;

  private Postgres(PostgresInstallation installation, Path dataDirectory, Path runDirectory) {
    this.installation = installation;
    this.dataDirectory = dataDirectory.toAbsolutePath();
    this.socketDirectory = runDirectory.toAbsolutePath();
    this.port = ServerProgram.freePort();
    this.log = socketDirectory.resolve("postgres-" + port + ".log");
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
    postgres.run(command);
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
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres";
  }

  /// Starts and waits until a connection is answered, in recovery too where hot standby allows it.
  public Postgres start() {
    launch();
    Instant deadline = Instant.now().plus(PATIENCE);
    while (!answers()) {
      if (!isRunning()) {
        throw new IllegalStateException("PostgreSQL did not start:\n" + lastLog(40));
      }
      if (Instant.now().isAfter(deadline)) {
        end();
        throw new IllegalStateException("PostgreSQL does not answer:\n" + lastLog(40));
      }
      pause();
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
      ProcessBuilder builder =
          new ProcessBuilder(
                  installation.program("postgres").toString(), "-D", dataDirectory.toString())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
      builder.environment().putAll(environment);
      Runtime.getRuntime().addShutdownHook(ender);
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException("PostgreSQL cannot be started", e);
    }
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
    return process != null && process.isAlive();
  }

  /// The exit code of the server that was started last, once it has ended by itself.
  public int waitForExit() {
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

  public void stop() {
    stop(Stop.FAST);
  }

  public void stop(Stop how) {
    signal(how.signal);
    waitForExit();
  }

  /// Kills the server process as the kernel would when memory is short, and waits until its
  /// children are gone too.
  public void kill() {
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
    signal("HUP");
  }

  private void signal(String name) {
    run(List.of("kill", "-" + name, "" + started().pid()));
  }

  private Process started() {
    if (process == null) {
      throw new IllegalStateException("PostgreSQL does not run");
    }
    return process;
  }

  // -- SQL ---------------------------------------------------------------------------------------

  public Connection connect() throws SQLException {
    return DriverManager.getConnection(jdbcUrl());
  }

  public void execute(String... statements) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  /// The rows as text; SQL NULL is the text `null`.
  public List<List<String>> query(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<List<String>> rows = new ArrayList<>();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int column = 1; column <= result.getMetaData().getColumnCount(); column++) {
          row.add(String.valueOf(result.getString(column)));
        }
        rows.add(row);
      }
      return rows;
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
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
    while (!answers() || isInRecovery()) {
      if (!isRunning() || Instant.now().isAfter(deadline)) {
        throw new IllegalStateException("PostgreSQL did not end recovery:\n" + lastLog(60));
      }
      pause();
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
      pause();
    }
  }

  private boolean answers() {
    try (Connection connection = connect()) {
      return connection.isValid(5);
    } catch (SQLException e) {
      return false;
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

  // -- the process -------------------------------------------------------------------------------

  public Path log() {
    return log;
  }

  public String lastLog(int lines) {
    try {
      List<String> all = Files.exists(log) ? Files.readAllLines(log) : List.of();
      return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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

  private void run(List<String> command) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
      Process started = builder.start();
      String output =
          new String(
              started.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      if (started.waitFor() != 0) {
        throw new IllegalStateException("'%s' failed:\n%s".formatted(command.getFirst(), output));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /// Ends the server whatever its state, and removes its socket and log.
  @Override
  public void close() {
    end();
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

  private void end() {
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

  private void forget() {
    process = null;
    try {
      Runtime.getRuntime().removeShutdownHook(ender);
    } catch (IllegalStateException shuttingDown) {
      // The hook itself is what runs.
      return;
    }
  }

  private static void pause() {
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
