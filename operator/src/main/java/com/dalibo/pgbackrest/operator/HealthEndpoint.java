package com.dalibo.pgbackrest.operator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/// What the kubelet asks: `/healthz` whether the program lives, `/readyz` whether it can answer
/// CNPG. And what Prometheus asks: `/metrics`.
final class HealthEndpoint implements AutoCloseable {

  private final HttpServer server;

  private HealthEndpoint(HttpServer server) {
    this.server = server;
  }

  /// @param missing what is not there yet; empty when ready
  /// @param metrics in Prometheus' text format
  static HealthEndpoint start(int port, Supplier<String> missing, Supplier<String> metrics)
      throws IOException {
    var server = HttpServer.create(new InetSocketAddress(port), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/healthz", exchange -> answer(exchange, ""));
    server.createContext("/readyz", exchange -> answer(exchange, missing.get()));
    server.createContext("/metrics", exchange -> show(exchange, metrics.get()));
    server.start();
    return new HealthEndpoint(server);
  }

  int port() {
    return server.getAddress().getPort();
  }

  private static void show(HttpExchange exchange, String metrics) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    send(exchange, 200, metrics);
  }

  private static void answer(HttpExchange exchange, String missing) throws IOException {
    send(exchange, missing.isEmpty() ? 200 : 503, (missing.isEmpty() ? "ok" : missing) + "\n");
  }

  private static void send(HttpExchange exchange, int code, String body) throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
