package com.dalibo.pgbackrest.cnpgi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.cnpgi.proto.identity.IdentityGrpc;
import com.dalibo.pgbackrest.cnpgi.proto.identity.ProbeRequest;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The file of the socket: who may use it, and what the server does where there is one already.
@Timeout(120)
class PluginSocketTest {

  @TempDir Path folder;

  private Path socket;
  private ManagedChannel channel;

  @BeforeEach
  void chooseSocket() {
    socket = folder.resolve(Plugin.NAME);
    channel = PluginChannel.onUnixSocket(socket);
  }

  @AfterEach
  void closeChannel() throws InterruptedException {
    channel.shutdownNow().awaitTermination(10, SECONDS);
  }

  @Test
  void theFolderHoldsTheSocketAloneAndTheGroupMayUseIt() throws IOException {
    try (var _ = start()) {
      assertThat(entriesOf(folder)).containsExactly(socket);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
          .isEqualTo("rwxrwx---");
    }
    assertThat(entriesOf(folder)).isEmpty();
  }

  @Test
  void aSocketLeftBehindIsReplaced() throws IOException {
    try (var dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(socket));
    }

    assertStartsInPlaceOfIt();
  }

  private void assertStartsInPlaceOfIt() throws IOException {
    try (var _ = start()) {
      assertThat(
              IdentityGrpc.newBlockingStub(channel)
                  .probe(ProbeRequest.getDefaultInstance())
                  .getReady())
          .isTrue();
      assertThat(entriesOf(folder)).containsExactly(socket);
    }
  }

  @Test
  void whatAKilledServerLeavesIsReplaced() throws Exception {
    var killed =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                ServerToKill.class.getName(),
                socket.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertThat(killed.getInputStream().read()).isEqualTo('+');
    } finally {
      killed.destroyForcibly().waitFor();
    }
    assertThat(Files.exists(socket)).isTrue();

    assertStartsInPlaceOfIt();
  }

  @Test
  void theSocketOfALiveServerIsRefused() throws IOException {
    try (var _ = start()) {
      assertThatThrownBy(this::start)
          .isInstanceOf(IOException.class)
          .hasMessage(
              "socket '%s' is served by a running process; end that one or choose another path",
              socket);
      assertThat(
              IdentityGrpc.newBlockingStub(channel)
                  .probe(ProbeRequest.getDefaultInstance())
                  .getReady())
          .isTrue();
    }
  }

  @Test
  void aFileThatIsNoSocketIsLeftAlone() throws IOException {
    Files.writeString(socket, "precious", UTF_8);

    assertThatThrownBy(this::start)
        .hasMessage("'%s' exists and is not a socket; remove it or choose another path", socket);
    assertThat(socket).hasContent("precious");
  }

  @Test
  void aMissingFolderIsNamed() {
    socket = folder.resolve("absent").resolve(Plugin.NAME);

    assertThatThrownBy(this::start)
        .hasStackTraceContaining("socket '%s' cannot be created".formatted(socket));
  }

  private PluginServer start() throws IOException {
    return PluginServer.onUnixSocket(socket).add(new IdentityService(List.of())).start();
  }

  private static List<Path> entriesOf(Path folder) throws IOException {
    try (var entries = Files.list(folder)) {
      return entries.toList();
    }
  }

  /// Serves until it is killed.
  static final class ServerToKill {
    private ServerToKill() {}

    public static void main(String[] arguments) throws Exception {
      var server =
          PluginServer.onUnixSocket(Path.of(arguments[0]))
              .add(new IdentityService(List.of()))
              .start();
      System.out.print('+');
      System.out.flush();
      server.awaitTermination();
    }
  }
}
