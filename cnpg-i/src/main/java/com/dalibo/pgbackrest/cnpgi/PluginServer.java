package com.dalibo.pgbackrest.cnpgi;

import com.dalibo.pgbackrest.cnpgi.socket.UnixServerSocketFactory;
import io.grpc.BindableService;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.okhttp.OkHttpServerBuilder;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// A running gRPC server of the plugin, with the limits CNPG asks for.
public final class PluginServer implements AutoCloseable {
  private static final int LARGEST_REQUEST = 16 * 1024 * 1024;

  // The transport drops a connection after 10,000 acknowledged PINGs, and grpc-go sends one in
  // nearly every call: a connection is renewed, without a failed call, before it gets there. What
  // runs on an old one goes on to its end, without a limit: a backup may take days.
  private static final Duration CONNECTION_AGE = Duration.ofMinutes(10);

  private static final Duration STOPPING = Duration.ofSeconds(5);

  private final Server server;
  private final ExecutorService threads;

  private PluginServer(Server server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /// A server on a UNIX socket, for the container beside it.
  public static Builder onUnixSocket(Path socket) {
    var threads = Executors.newVirtualThreadPerTaskExecutor();
    var transport =
        OkHttpServerBuilder.forPort(
                UnixDomainSocketAddress.of(socket), InsecureServerCredentials.create())
            .socketFactory(new UnixServerSocketFactory(socket))
            .transportExecutor(threads);
    return new Builder(transport, threads);
  }

  /// A server on any other transport, with the same limits and threads.
  public static Builder over(ServerBuilder<?> transport) {
    return new Builder(transport, Executors.newVirtualThreadPerTaskExecutor());
  }

  /// The port listened on; -1 for a UNIX socket.
  public int port() {
    return server.getPort();
  }

  /// Refuses new calls, lets running ones finish within the time given, and cancels the rest.
  /// Returns at once when nothing runs.
  public void drain(Duration timeout) throws InterruptedException {
    server.shutdown();
    if (!server.awaitTermination(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
      stop();
    }
    threads.shutdown();
  }

  public void awaitTermination() throws InterruptedException {
    server.awaitTermination();
  }

  /// Cancels what runs and waits a moment for it to end.
  @Override
  public void close() {
    try {
      stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    threads.shutdown();
  }

  private void stop() throws InterruptedException {
    server.shutdownNow();
    server.awaitTermination(STOPPING.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// Services to be served on one transport.
  public static final class Builder {
    private final ServerBuilder<?> transport;
    private final ExecutorService threads;
    private Duration connectionAge = CONNECTION_AGE;

    private Builder(ServerBuilder<?> transport, ExecutorService threads) {
      this.transport = transport;
      this.threads = threads;
    }

    public Builder add(BindableService service) {
      transport.addService(service);
      return this;
    }

    Builder connectionAge(Duration age) {
      this.connectionAge = age;
      return this;
    }

    public PluginServer start() throws IOException {
      var server =
          transport
              .executor(threads)
              .maxInboundMessageSize(LARGEST_REQUEST)
              .maxConnectionAge(connectionAge.toNanos(), TimeUnit.NANOSECONDS)
              .build();
      return new PluginServer(server.start(), threads);
    }
  }
}
