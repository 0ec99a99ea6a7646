package com.dalibo.pgbackrest.testbed.store;

import com.dalibo.pgbackrest.testbed.program.ServerProgram;
import com.dalibo.pgbackrest.testbed.program.ToolScript;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// OpenSSH's server on a loopback port, for one user, who is the one that runs this, and one key
/// with a passphrase. It serves the file system as that user sees it.
public final class SftpServer implements AutoCloseable {
  private static final String PASSPHRASE = "a passphrase";

  private final Path directory;
  private final int port;
  private final ServerProgram program;

  private SftpServer(Path directory) {
    this.directory = directory;
    this.port = ServerProgram.freePort();
    String sshd = ToolScript.path("openssh", "sshd").toString();
    String settings = directory.resolve("sshd_config").toString();
    this.program =
        new ServerProgram(
            port,
            directory.resolve("sshd.log"),
            Map.of(),
            List.of(sshd, "-D", "-e", "-f", settings));
  }

  /// Makes its keys and its settings in the directory, and starts it on a free port.
  public static SftpServer start(Path directory) {
    try {
      Files.createDirectories(directory);
      SftpServer server = new SftpServer(directory);
      server.makeKey("host", "");
      server.makeKey("user", PASSPHRASE);
      server.makeKey("stranger", "");
      server.configure();
      server.accept();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException("the SFTP server cannot be started", e);
    }
  }

  public String host() {
    return "127.0.0.1";
  }

  public int port() {
    return port;
  }

  public String user() {
    return System.getProperty("user.name");
  }

  public String privateKey() {
    return read("user");
  }

  public String passphrase() {
    return PASSPHRASE;
  }

  /// A private key that the server does not know.
  public String strangersKey() {
    return read("stranger");
  }

  /// The server's key, as a line of a `known_hosts` file.
  public String knownHost() {
    return knownHost("host");
  }

  /// The same line with a key that is not the server's.
  public String strangersKnownHost() {
    return knownHost("stranger");
  }

  private String knownHost(String key) {
    return "[%s]:%d %s".formatted(host(), port, read(key + ".pub").strip());
  }

  /// Ends the server and its connections: new ones are refused until [#accept()].
  public void refuse() {
    program.stop();
  }

  /// Listens, again on the same port.
  public void accept() {
    program.start();
  }

  /// What the server has to say.
  public String log() {
    return program.log();
  }

  private void configure() throws IOException {
    Files.writeString(
        directory.resolve("sshd_config"),
        """
        Port %d
        ListenAddress %s
        HostKey %s
        AuthorizedKeysFile %s
        StrictModes no
        PasswordAuthentication no
        KbdInteractiveAuthentication no
        UsePAM no
        PidFile none
        Subsystem sftp internal-sftp
        MaxStartups 100
        MaxSessions 100
        """
            .formatted(port, host(), directory.resolve("host"), directory.resolve("user.pub")));
  }

  private void makeKey(String name, String passphrase) {
    String keygen = ToolScript.path("openssh", "ssh-keygen").toString();
    String file = directory.resolve(name).toString();
    var _ =
        ToolScript.run(
            List.of(keygen, "-q", "-t", "ed25519", "-C", name, "-N", passphrase, "-f", file));
  }

  private String read(String file) {
    try {
      return Files.readString(directory.resolve(file), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    program.close();
  }
}
