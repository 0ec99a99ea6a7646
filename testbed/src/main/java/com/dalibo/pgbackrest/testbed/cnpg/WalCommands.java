package com.dalibo.pgbackrest.testbed.cnpg;

import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/// The programs `wal-archive` and `wal-restore` of a pod, which PostgreSQL runs as
/// `archive_command` and `restore_command`, and the socket on which they ask what to do.
final class WalCommands implements AutoCloseable {
  private final ServerSocketChannel socket;
  private final Answer answer;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /// What a program ends with: its exit status and, after a space, what it prints.
  @FunctionalInterface
  interface Answer {
    /// Decides what one run of a program comes to.
    ///
    /// @param command the name of the program and its arguments
    String to(String[] command) throws InterruptedException;
  }

  private WalCommands(ServerSocketChannel socket, Answer answer) {
    this.socket = socket;
    this.answer = answer;
  }

  static WalCommands serve(Pod pod, Answer answer) throws IOException {
    Files.deleteIfExists(pod.managerSocket());
    ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    socket.bind(UnixDomainSocketAddress.of(pod.managerSocket()));
    writeProgram(pod, "wal-archive");
    writeProgram(pod, "wal-restore");
    WalCommands commands = new WalCommands(socket, answer);
    commands.threads.execute(commands::accept);
    return commands;
  }

  private static void writeProgram(Pod pod, String name) throws IOException {
    Path file = pod.binDirectory().resolve(name);
    // PostgreSQL may be running that of the manager before this one, which is the same.
    if (Files.exists(file)) {
      return;
    }
    try (InputStream in =
        Objects.requireNonNull(WalCommands.class.getResourceAsStream("wal-client.pl"))) {
      String script =
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .replace("@SOCKET@", pod.managerSocket().toString());
      Files.writeString(file, script);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  private void accept() {
    while (socket.isOpen()) {
      try {
        serveInBackground(socket.accept());
      } catch (IOException closed) {
        return;
      }
    }
  }

  /// A program that asks while this ends is sent away, else its PostgreSQL would wait for ever.
  private void serveInBackground(SocketChannel program) throws IOException {
    try {
      threads.execute(() -> serve(program));
    } catch (RejectedExecutionException ended) {
      program.close();
    }
  }

  private void serve(SocketChannel program) {
    try (program;
        var call = Context.current().withCancellation()) {
      var reader = Channels.newReader(program, StandardCharsets.UTF_8);
      StringBuilder line = new StringBuilder();
      for (int character = reader.read(); character != '\n'; character = reader.read()) {
        if (character < 0) {
          return;
        }
        line.append((char) character);
      }
      threads.execute(() -> cancelWhenGone(program, call));
      String said = call.call(() -> answer.to(line.toString().split("\t", -1)));
      program.write(ByteBuffer.wrap(said.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException | RejectedExecutionException gone) {
      // PostgreSQL ended the command; it will run it again.
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /// CNPG's programs call the plugin themselves, so that a call ends with its program: what is
  /// fetched for one that was killed must not meet what PostgreSQL, started again, asks for.
  private static void cancelWhenGone(SocketChannel program, CancellableContext call) {
    try {
      while (program.read(ByteBuffer.allocate(1)) >= 0) {
        // It says nothing more.
      }
    } catch (IOException answered) {
      return;
    }
    call.cancel(null);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      // Not by interrupts: one that meets accept leaves a program connected to nobody.
      threads.shutdown();
    }
  }
}
