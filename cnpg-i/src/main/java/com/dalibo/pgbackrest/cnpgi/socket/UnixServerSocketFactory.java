package com.dalibo.pgbackrest.cnpgi.socket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import javax.net.ServerSocketFactory;

/// Server sockets that listen on one UNIX socket, whatever address they are bound to.
public final class UnixServerSocketFactory extends ServerSocketFactory {
  private final Path socket;

  public UnixServerSocketFactory(Path socket) {
    this.socket = socket;
  }

  @Override
  public ServerSocket createServerSocket() throws IOException {
    return new UnixServerSocket(socket);
  }

  @Override
  public ServerSocket createServerSocket(int port) throws IOException {
    return bound(0);
  }

  @Override
  public ServerSocket createServerSocket(int port, int backlog) throws IOException {
    return bound(backlog);
  }

  @Override
  public ServerSocket createServerSocket(int port, int backlog, InetAddress address)
      throws IOException {
    return bound(backlog);
  }

  private ServerSocket bound(int backlog) throws IOException {
    var server = new UnixServerSocket(socket);
    server.bind(null, backlog);
    return server;
  }
}
