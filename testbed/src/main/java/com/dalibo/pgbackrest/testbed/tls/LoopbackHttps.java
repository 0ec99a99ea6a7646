package com.dalibo.pgbackrest.testbed.tls;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;

/// The JDK's HTTPS server on a loopback port.
public final class LoopbackHttps {
  static {
    // Without it an answer in two writes takes 40 ms. It is read once, with the first server.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private LoopbackHttps() {}

  /// Listens on the port; 0 is any that is free.
  public static HttpsServer listen(
      int port, TestCertificates certificates, Executor executor, HttpHandler handler) {
    try {
      HttpsServer server =
          HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
      server.setHttpsConfigurator(new HttpsConfigurator(certificates.serverContext()));
      server.setExecutor(executor);
      server.createContext("/", handler);
      server.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException("nothing can listen on port " + port, e);
    }
  }
}
