package com.dalibo.pgbackrest.cnpgi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The file of the socket: who may use it, and what the server does where there is one already.
@Timeout(120)
class PluginSocketTest {

  @TempDir Path folder;

  @AutoClose("disconnect")
  private PluginFolder plugin;

  @BeforeEach
  void begin() {
    plugin = new PluginFolder(folder);
  }

  @Test
  void theFolderHoldsTheSocketAloneAndTheGroupMayUseIt() throws IOException {
    try (var _ = start()) {
      assertThat(plugin.files()).containsExactly(plugin.socket);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(plugin.socket)))
          .isEqualTo("rwxrwx---");
    }
    assertThat(plugin.files()).isEmpty();
  }

  @Test
  void aSocketLeftBehindIsReplaced() throws IOException {
    try (var dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(plugin.socket));
    }

    assertStartsInPlaceOfIt();
  }

  private void assertStartsInPlaceOfIt() throws IOException {
    try (var _ = start()) {
      assertThat(plugin.isReady()).isTrue();
      assertThat(plugin.files()).containsExactly(plugin.socket);
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
                plugin.socket.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertThat(killed.getInputStream().read()).isEqualTo('+');
    } finally {
      killed.destroyForcibly().waitFor();
    }
    assertThat(Files.exists(plugin.socket)).isTrue();

    assertStartsInPlaceOfIt();
  }

  @Test
  void theSocketOfALiveServerIsRefused() throws IOException {
    try (var _ = start()) {
      assertThatThrownBy(this::start)
          .isInstanceOf(IOException.class)
          .hasMessage(
              "socket '%s' is served by a running process; end that one or choose another path",
              plugin.socket);
      assertThat(plugin.isReady()).isTrue();
    }
  }

  @Test
  void aFileThatIsNoSocketIsLeftAlone() throws IOException {
    Files.writeString(plugin.socket, "precious", UTF_8);

    assertThatThrownBy(this::start)
        .hasMessage(
            "'%s' exists and is not a socket; remove it or choose another path", plugin.socket);
    assertThat(plugin.socket).hasContent("precious");
  }

  @Test
  void aMissingFolderIsNamed() {
    var absent = folder.resolve("absent").resolve(Plugin.NAME);

    assertThatThrownBy(() -> startOn(absent))
        .hasStackTraceContaining("socket '%s' cannot be created".formatted(absent));
  }

  private PluginServer start() throws IOException {
    return startOn(plugin.socket);
  }

  private static PluginServer startOn(Path socket) throws IOException {
    return PluginServer.onUnixSocket(socket).add(new IdentityService(List.of())).start();
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
