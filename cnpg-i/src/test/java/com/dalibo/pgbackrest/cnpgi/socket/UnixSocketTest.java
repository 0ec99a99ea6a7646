package com.dalibo.pgbackrest.cnpgi.socket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class UnixSocketTest {
  @TempDir Path folder;

  private Path path;
  private ServerSocket listening;
  private Socket client;
  private Socket server;

  @BeforeEach
  void connect() throws IOException {
    path = folder.resolve("socket");
    listening = new UnixServerSocketFactory(path).createServerSocket(0);
    client = new UnixSocketFactory(path).createSocket("anywhere", 1);
    server = listening.accept();
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    server.close();
    listening.close();
  }

  @Test
  void bytesGoBothWaysAndAHalfClosedSideStillReads() throws IOException {
    client.getOutputStream().write("question".getBytes(UTF_8));
    client.shutdownOutput();

    var question = server.getInputStream().readAllBytes();
    server.getOutputStream().write("answer".getBytes(UTF_8));
    server.close();

    assertThat(question).asString(UTF_8).isEqualTo("question");
    assertThat(client.getInputStream().readAllBytes()).asString(UTF_8).isEqualTo("answer");
    assertThat(client.isOutputShutdown()).isTrue();
  }

  @Test
  void oneByteIsReadAsItWasWritten() throws IOException {
    client.getOutputStream().write(0xfe);

    assertThat(server.getInputStream().read()).isEqualTo(0xfe);
  }

  @Test
  void closingEndsAReadThatWaits() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var reading = threads.submit(() -> server.getInputStream().read());
      Thread.sleep(100);

      server.close();

      assertThatThrownBy(() -> reading.get(10, TimeUnit.SECONDS))
          .hasRootCauseInstanceOf(IOException.class)
          .hasCauseInstanceOf(SocketException.class);
    }
  }

  @Test
  void closingEndsAnAcceptThatWaitsAndRemovesTheFile() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var accepting = threads.submit(() -> listening.accept());
      Thread.sleep(100);

      listening.close();

      assertThatThrownBy(() -> accepting.get(10, TimeUnit.SECONDS))
          .hasCauseInstanceOf(SocketException.class);
      assertThat(Files.exists(path)).isFalse();
    }
  }

  @Test
  void closingLeavesTheFileOfAnotherServer() throws IOException {
    Files.delete(path);
    try (var other = new UnixServerSocketFactory(path).createServerSocket(0)) {

      listening.close();

      assertThat(Files.exists(path)).isTrue();
      assertThat(other.isBound()).isTrue();
    }
  }

  @Test
  void aKilledPeerIsTheEndOfTheStream() throws IOException {
    server.getOutputStream().write(new byte[100]);
    client.close();

    assertThat(server.getInputStream().read()).isEqualTo(-1);
  }

  @Test
  void optionsOfTcpAreAccepted() {
    assertThatCode(
            () -> {
              client.setTcpNoDelay(true);
              client.setSoTimeout(1000);
              client.setKeepAlive(true);
              client.setSoLinger(true, 0);
              client.setReuseAddress(true);
              client.setTrafficClass(4);
              client.setOOBInline(false);
              client.setSendBufferSize(65536);
              client.setReceiveBufferSize(65536);
              assertThat(client.getTcpNoDelay()).isTrue();
              assertThat(client.getSoTimeout()).isEqualTo(1000);
              assertThat(client.getKeepAlive()).isFalse();
              assertThat(client.getSoLinger()).isEqualTo(-1);
              assertThat(client.getReuseAddress()).isFalse();
              assertThat(client.getTrafficClass()).isZero();
              assertThat(client.getSendBufferSize()).isPositive();
              assertThat(client.getReceiveBufferSize()).isPositive();
            })
        .doesNotThrowAnyException();
  }

  @Test
  void addressesAreThereThoughTheyMeanNothing() {
    assertThat(client.getInetAddress()).isNotNull();
    assertThat(client.getLocalAddress()).isNotNull();
    assertThat(client.getRemoteSocketAddress()).hasToString(path.toString());
    assertThat(client.getLocalSocketAddress()).hasToString(path.toString());
    assertThat(client.isConnected()).isTrue();
    assertThat(client.isBound()).isTrue();
    assertThat(client.isClosed()).isFalse();
  }
}
