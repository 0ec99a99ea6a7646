package com.dalibo.pgbackrest.cnpgi.socket;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/// A connected UNIX socket in the shape of a [Socket], for libraries that know only those.
///
/// Options that mean something to TCP alone are accepted and have no effect. A read timeout is
/// remembered, never applied: the transport ends a silent connection by closing it.
final class UnixSocket extends Socket {
  private final SocketChannel channel;
  private final UnixDomainSocketAddress address;
  private final InputStream input = new Input();
  private final OutputStream output = new Output();
  private volatile boolean inputShutdown;
  private volatile boolean outputShutdown;
  private volatile int timeout;

  UnixSocket(SocketChannel channel, UnixDomainSocketAddress address) throws SocketException {
    super((SocketImpl) null);
    this.channel = channel;
    this.address = address;
  }

  @Override
  public InputStream getInputStream() throws IOException {
    refuseWhenClosed();
    return input;
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    refuseWhenClosed();
    return output;
  }

  @Override
  public void shutdownInput() throws IOException {
    inputShutdown = true;
    channel.shutdownInput();
  }

  @Override
  public void shutdownOutput() throws IOException {
    outputShutdown = true;
    channel.shutdownOutput();
  }

  /// Ends a read or write that another thread waits in.
  @Override
  public void close() throws IOException {
    channel.close();
  }

  @Override
  public boolean isClosed() {
    return !channel.isOpen();
  }

  @Override
  public boolean isConnected() {
    return true;
  }

  @Override
  public boolean isBound() {
    return true;
  }

  @Override
  public boolean isInputShutdown() {
    return inputShutdown;
  }

  @Override
  public boolean isOutputShutdown() {
    return outputShutdown;
  }

  @Override
  public SocketChannel getChannel() {
    return channel;
  }

  @Override
  public SocketAddress getLocalSocketAddress() {
    return address;
  }

  @Override
  public SocketAddress getRemoteSocketAddress() {
    return address;
  }

  @Override
  public InetAddress getInetAddress() {
    return InetAddress.getLoopbackAddress();
  }

  @Override
  public InetAddress getLocalAddress() {
    return InetAddress.getLoopbackAddress();
  }

  @Override
  public int getPort() {
    return 0;
  }

  @Override
  public int getLocalPort() {
    return 0;
  }

  @Override
  public void connect(SocketAddress endpoint, int millis) throws IOException {
    throw new SocketException("socket '%s' is already connected".formatted(address));
  }

  @Override
  public void connect(SocketAddress endpoint) throws IOException {
    connect(endpoint, 0);
  }

  @Override
  public void bind(@Nullable SocketAddress local) throws IOException {
    throw new SocketException("socket '%s' is already connected".formatted(address));
  }

  @Override
  public void setSoTimeout(int millis) {
    timeout = millis;
  }

  @Override
  public int getSoTimeout() {
    return timeout;
  }

  @Override
  public void setTcpNoDelay(boolean on) {}

  @Override
  public boolean getTcpNoDelay() {
    return true;
  }

  @Override
  public void setKeepAlive(boolean on) {}

  @Override
  public boolean getKeepAlive() {
    return false;
  }

  @Override
  public void setSoLinger(boolean on, int linger) {}

  @Override
  public int getSoLinger() {
    return -1;
  }

  @Override
  public void setReuseAddress(boolean on) {}

  @Override
  public boolean getReuseAddress() {
    return false;
  }

  @Override
  public void setOOBInline(boolean on) {}

  @Override
  public boolean getOOBInline() {
    return false;
  }

  @Override
  public void setTrafficClass(int trafficClass) {}

  @Override
  public int getTrafficClass() {
    return 0;
  }

  @Override
  public void setSendBufferSize(int size) throws SocketException {
    set(StandardSocketOptions.SO_SNDBUF, size);
  }

  @Override
  public int getSendBufferSize() throws SocketException {
    return get(StandardSocketOptions.SO_SNDBUF);
  }

  @Override
  public void setReceiveBufferSize(int size) throws SocketException {
    set(StandardSocketOptions.SO_RCVBUF, size);
  }

  @Override
  public int getReceiveBufferSize() throws SocketException {
    return get(StandardSocketOptions.SO_RCVBUF);
  }

  @Override
  public String toString() {
    return "UnixSocket[" + address + "]";
  }

  private <T> void set(SocketOption<T> option, T value) throws SocketException {
    try {
      channel.setOption(option, value);
    } catch (IOException e) {
      throw socketException(e);
    }
  }

  private <T> T get(SocketOption<T> option) throws SocketException {
    try {
      return channel.getOption(option);
    } catch (IOException e) {
      throw socketException(e);
    }
  }

  private void refuseWhenClosed() throws SocketException {
    if (isClosed()) {
      throw new SocketException("socket '%s' is closed".formatted(address));
    }
  }

  // Sockets say so with a SocketException, and readers of sockets tell an orderly end by it.
  private SocketException socketException(IOException cause) {
    var exception =
        new SocketException(
            cause instanceof ClosedChannelException
                ? "socket '%s' is closed".formatted(address)
                : "socket '%s' failed: %s".formatted(address, cause.getMessage()));
    exception.initCause(cause);
    return exception;
  }

  private final class Input extends InputStream {
    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      try {
        return channel.read(ByteBuffer.wrap(bytes, offset, length));
      } catch (SocketException e) {
        // Reset: the other side was killed before it had read all. For a reader, the end.
        return -1;
      } catch (IOException e) {
        throw socketException(e);
      }
    }

    @Override
    public void close() throws IOException {
      UnixSocket.this.close();
    }
  }

  private final class Output extends OutputStream {
    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      var buffer = ByteBuffer.wrap(bytes, offset, length);
      try {
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
      } catch (IOException e) {
        throw socketException(e);
      }
    }

    @Override
    public void close() throws IOException {
      UnixSocket.this.close();
    }
  }
}
