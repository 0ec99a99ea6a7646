package com.dalibo.pgbackrest;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.sql.SQLException;

/// A running PostgreSQL 18 on the loopback interface, which keeps its finished segments in a folder
/// of its own.
public final class Server implements AutoCloseable {
  private final PostgresPrograms programs;
  private final int port;
  public final Path data;
  public final Path socketFolder;
  public final Path finished;

  private Server(PostgresPrograms programs, Path folder, int port) {
    this.programs = programs;
    this.port = port;
    this.data = folder.resolve("data");
    this.socketFolder = folder;
    this.finished = folder.resolve("finished");
  }

  /// A new cluster. The folder's path has to be short: it holds the socket.
  public static Server create(Path folder) throws Exception {
    var server = new Server(PostgresPrograms.of(18), folder, freePort());
    server.programs.initdb(server.data);
    Files.createDirectories(server.finished);
    server.configure("archive_mode=on");
    server.configure(
        "archive_command='test ! -e %1$s/%%f && cp %%p %1$s/%%f'".formatted(server.finished));
    server.start();
    return server;
  }

  /// A server on a data directory that was restored into a folder, with a command that fetches WAL.
  public static Server recover(Path folder, String restoreCommand) throws Exception {
    var server = new Server(PostgresPrograms.of(18), folder, freePort());
    server.configure("archive_mode=off");
    server.configure("restore_command='%s'".formatted(restoreCommand));
    server.configure("recovery_target_action=promote");
    Files.createFile(server.data.resolve("recovery.signal"));
    server.start();
    // It takes connections before it is promoted.
    while (!server.query("select pg_is_in_recovery()").equals("f")) {
      Thread.sleep(20);
    }
    return server;
  }

  public int port() {
    return port;
  }

  public void sql(String text) throws SQLException {
    try (var connection = DriverManager.getConnection(url());
        var statement = connection.createStatement()) {
      statement.execute(text);
    }
  }

  public String query(String text) throws SQLException {
    try (var connection = DriverManager.getConnection(url());
        var statement = connection.createStatement();
        var rows = statement.executeQuery(text)) {
      rows.next();
      return rows.getString(1);
    }
  }

  /// Ends the current segment and waits until it is in the folder of finished ones.
  public Path switchSegment() throws Exception {
    sql("create table if not exists marks (n int)");
    sql("insert into marks values (1)");
    var name = query("select pg_walfile_name(pg_current_wal_lsn())");
    sql("select pg_switch_wal()");
    var file = finished.resolve(name);
    var done = data.resolve("pg_wal/archive_status").resolve(name + ".done");
    while (!Files.exists(done)) {
      Thread.sleep(20);
    }
    // As PostgreSQL hands it over, in the cluster's own folder.
    return Files.copy(
        file, data.resolve("pg_wal").resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void close() throws IOException {
    programs.run("pg_ctl", "-D", data.toString(), "-m", "immediate", "-w", "stop");
  }

  private void start() throws Exception {
    configure("port=" + port);
    configure("listen_addresses='127.0.0.1'");
    configure("unix_socket_directories='%s'".formatted(socketFolder));
    configure("fsync=off");
    programs.run(
        "pg_ctl",
        "-D",
        data.toString(),
        "-l",
        socketFolder.resolve("server.log").toString(),
        "-w",
        "-t",
        "120",
        "start");
  }

  private void configure(String line) throws IOException {
    Files.writeString(data.resolve("postgresql.conf"), line + "\n", StandardOpenOption.APPEND);
  }

  private String url() {
    return "jdbc:postgresql://127.0.0.1:%d/postgres?user=postgres".formatted(port);
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
