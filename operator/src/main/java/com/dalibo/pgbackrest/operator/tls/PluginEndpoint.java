package com.dalibo.pgbackrest.operator.tls;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/// The gRPC server that the CNPG operator calls: TLS 1.3, and only for the holder of the client's
/// certificate.
public final class PluginEndpoint implements AutoCloseable {

  private static final int MOST_BYTES = 16 * 1024 * 1024;
  private static final Log LOG = Log.of(PluginEndpoint.class);

  private final Server server;

  private PluginEndpoint(Server server) {
    this.server = server;
  }

  public static PluginEndpoint start(
      int port, ServerKey key, ClientTrust trust, List<BindableService> services)
      throws IOException {
    var builder =
        NettyServerBuilder.forAddress(new InetSocketAddress(port))
            .sslContext(tls(key, trust))
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .maxInboundMessageSize(MOST_BYTES)
            .permitKeepAliveTime(10, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .intercept(new CallDurations());
    services.forEach(builder::addService);
    var server = builder.build().start();
    LOG.info("started to serve", "port", server.getPort());
    return new PluginEndpoint(server);
  }

  private static SslContext tls(ServerKey key, ClientTrust trust) throws SSLException {
    return GrpcSslContexts.configure(SslContextBuilder.forServer(key), SslProvider.JDK)
        .trustManager(trust)
        .clientAuth(ClientAuth.REQUIRE)
        .protocols("TLSv1.3")
        .build();
  }

  int port() {
    return server.getPort();
  }

  boolean isServing() {
    return !server.isShutdown();
  }

  /// Lets the calls that have begun end, and tells clients to go elsewhere.
  public void drain(Duration limit) throws InterruptedException {
    server.shutdown();
    if (!server.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      LOG.warning("ended calls that were still running", "after", limit);
      server.shutdownNow();
    }
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
