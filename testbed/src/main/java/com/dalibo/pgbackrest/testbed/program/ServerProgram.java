package com.dalibo.pgbackrest.testbed.program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A server that is a process of its own and listens on one loopback port. It ends with this JVM.
public final class ServerProgram implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int FIRST_PORT = 10_000;
  private static final int PORTS = 20_000;
  private static final AtomicInteger NEXT =
      new AtomicInteger(ThreadLocalRandom.current().nextInt(PORTS));

  private final ProcessBuilder builder;
  private final ProgramLog log;
  private final int port;
  private final ExitHook hook = ExitHook.register(this::stop);
  private @Nullable Process process;

  public ServerProgram(int port, Path log, Map<String, String> environment, List<String> command) {
    this.port = port;
    this.log = new ProgramLog(log);
    builder = this.log.program(command);
    builder.environment().putAll(environment);
  }

  /// Below the ports that the kernel lends, and each once in this JVM: it stays free until the
  /// server that it is for listens.
  public static int freePort() {
    while (true) {
      int port = FIRST_PORT + NEXT.getAndIncrement() % PORTS;
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (BindException taken) {
        // The next one.
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /// Starts it and waits until it listens.
  public synchronized void start() {
    try {
      Process started = builder.start();
      process = started;
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (!listens()) {
        if (!started.isAlive() || System.nanoTime() > deadline) {
          throw new IllegalStateException(
              "'%s' does not listen:\n%s".formatted(builder.command().getFirst(), log()));
        }
        Thread.sleep(20);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// Ends it, and the processes it started: one that serves a connection would outlive it.
  public synchronized void stop() {
    Process running = process;
    process = null;
    if (running == null) {
      return;
    }
    List<ProcessHandle> children = running.descendants().toList();
    running.destroy();
    children.forEach(ProcessHandle::destroy);
    try {
      if (!running.waitFor(10, TimeUnit.SECONDS)) {
        running.destroyForcibly();
      }
    } catch (InterruptedException e) {
      running.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /// Everything it has printed.
  public String log() {
    return log.text();
  }

  private boolean listens() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    stop();
    hook.withdraw();
  }
}
