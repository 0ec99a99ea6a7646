package com.dalibo.pgbackrest.cnpgi.socket;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/// A listening UNIX socket in the shape of a [ServerSocket].
///
/// It makes exactly one file, which is the socket: CNPG takes every entry of the folder for a
/// plugin. A file left behind by a killed process is replaced; that of a live server is not.
final class UnixServerSocket extends ServerSocket {
  private static final int BACKLOG = 128;

  private final Path path;
  private final UnixDomainSocketAddress address;
  private final ServerSocketChannel channel;
  private volatile @Nullable Object fileKey;

  UnixServerSocket(Path path) throws IOException {
    this.path = path;
    this.address = UnixDomainSocketAddress.of(path);
    this.channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
  }

  @Override
  public void bind(@Nullable SocketAddress ignored) throws IOException {
    bind(ignored, BACKLOG);
  }

  @Override
  public void bind(@Nullable SocketAddress ignored, int backlog) throws IOException {
    try {
      removeStaleFile();
      channel.bind(address, backlog > 0 ? backlog : BACKLOG);
      fileKey = attributes().fileKey();
      // The umask decided until here; the clients are in the group.
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwx---"));
    } catch (BindException e) {
      throw e;
    } catch (IOException e) {
      throw bindException(
          "socket '%s' cannot be created: %s; mount its folder and make it writable for this user"
              .formatted(path, e),
          e);
    }
  }

  @Override
  public Socket accept() throws IOException {
    try {
      return new UnixSocket(channel.accept(), address);
    } catch (ClosedChannelException e) {
      var closed = new SocketException("socket '%s' is closed".formatted(path));
      closed.initCause(e);
      throw closed;
    }
  }

  /// Ends a waiting [#accept] and removes the file, unless it has become another server's.
  @Override
  public void close() throws IOException {
    channel.close();
    Object made = fileKey;
    fileKey = null;
    if (made != null) {
      try {
        if (made.equals(attributes().fileKey())) {
          Files.deleteIfExists(path);
        }
      } catch (NoSuchFileException e) {
        // Gone already, as wished.
      }
    }
  }

  @Override
  public boolean isClosed() {
    return !channel.isOpen();
  }

  @Override
  public boolean isBound() {
    return fileKey != null;
  }

  @Override
  public SocketAddress getLocalSocketAddress() {
    return address;
  }

  @Override
  public InetAddress getInetAddress() {
    return InetAddress.getLoopbackAddress();
  }

  @Override
  public int getLocalPort() {
    return 0;
  }

  @Override
  public ServerSocketChannel getChannel() {
    return channel;
  }

  @Override
  public void setSoTimeout(int millis) {}

  @Override
  public int getSoTimeout() {
    return 0;
  }

  @Override
  public void setReuseAddress(boolean on) {}

  @Override
  public boolean getReuseAddress() {
    return false;
  }

  @Override
  public void setReceiveBufferSize(int size) {}

  @Override
  public int getReceiveBufferSize() {
    return 0;
  }

  @Override
  public String toString() {
    return "UnixServerSocket[" + path + "]";
  }

  private void removeStaleFile() throws IOException {
    if (!Files.exists(path, NOFOLLOW_LINKS)) {
      return;
    }
    if (!attributes().isOther()) {
      throw new BindException(
          "'%s' exists and is not a socket; remove it or choose another path".formatted(path));
    }
    if (isServed()) {
      throw new BindException(
          "socket '%s' is served by a running process; end that one or choose another path"
              .formatted(path));
    }
    Files.deleteIfExists(path);
  }

  private boolean isServed() throws IOException {
    try (var probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      // Not to wait where a live server's queue is full: that one is served as well.
      probe.configureBlocking(false);
      probe.connect(address);
      return true;
    } catch (ConnectException e) {
      return false;
    }
  }

  private BasicFileAttributes attributes() throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, NOFOLLOW_LINKS);
  }

  private static BindException bindException(String message, IOException cause) {
    var exception = new BindException(message);
    exception.initCause(cause);
    return exception;
  }
}
