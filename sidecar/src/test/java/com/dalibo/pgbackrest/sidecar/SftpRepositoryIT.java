package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.testbed.store.SftpServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A repository on OpenSSH's server, whose key is checked.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
class SftpRepositoryIT {
  @TempDir static Path directory;
  private TestCluster datacenter;
  private SftpServer server;
  private Path backups;
  private RepositoryStory story;

  @BeforeAll
  void aClusterWithAnSftpServer() throws Exception {
    datacenter = new TestCluster(directory);
    server = SftpServer.start(datacenter.directory("sftp"));
    backups = Files.createDirectories(datacenter.directory("backups"));
    keys(server.privateKey());
    story = new RepositoryStory(datacenter, "sftpRepositories", members(), this::files);
  }

  @AfterAll
  void end() {
    story.close();
    server.close();
    datacenter.close();
  }

  @Test
  void theMainJob() throws Exception {
    story.goesFromTheFirstWalToARestoreAndExpires();
  }

  @Test
  void aKeyThatTheServerDoesNotKnow() throws Exception {
    var answers =
        story.whileWrong(() -> keys(server.strangersKey()), () -> keys(server.privateKey()));

    answers.allSay(
        "FAILED_PRECONDITION",
        "public key authentication failed: libssh2 error [-18]",
        "; remedy: correct 'user' in the Stanza, or the key or passphrase in the Secret that"
            + " 'secretRef' names; the log of the server says which, and its authorized_keys needs the"
            + " public key");
  }

  @Test
  void aServerThatIsNotThere() throws Exception {
    var answers = story.whileAway(this::refuse, this::accept);

    answers.allTellThatItIsAway("unable to connect to '127.0.0.1:" + server.port() + "'");
  }

  @Test
  void aServerWithAnotherKey() {
    var answers =
        story.fromTheBeginning(
            "stranger", members().replace(server.knownHost(), server.strangersKnownHost()));

    answers.allSay(
        "FAILED_PRECONDITION",
        "known hosts failure: '127.0.0.1' mismatch in known hosts files",
        "; remedy: the server does not present a key that 'knownHosts' in the Stanza has for it");
  }

  @Test
  void aPassphraseThatIsWrong() {
    datacenter.secret("wrong", "key: \"%s\", pass: wrong".formatted(escaped(server.privateKey())));
    var answers = story.fromTheBeginning("locked", members().replace("name: ssh", "name: wrong"));

    answers.allSay(
        "FAILED_PRECONDITION",
        "public key authentication failed: libssh2 error [-16]",
        "; remedy: the private key cannot be read with this passphrase");
  }

  @Test
  void aDirectoryThatTheUserMayNotWrite() throws Exception {
    var locked = Files.createDirectories(datacenter.directory("locked"));
    Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("r-xr-x---"));
    var answers =
        story.fromTheBeginning("foreign", members().replace(backups.toString(), locked.toString()));

    answers.writingSays(
        "FAILED_PRECONDITION",
        "pgbackrest stanza-create failed [47 path-create]: sftp error unable to create path '"
            + locked,
        "sftp error [3] permission denied; remedy: give the SFTP user"
            + " read and write access to 'repoPath' on the server");
  }

  private String members() {
    return """
        host: %s, port: %d, user: %s, repoPath: %s/demo, hostKeyHashType: sha256, knownHosts: ["%s"],
        secretRef: {privateKey: {name: ssh, key: key}, passphrase: {name: ssh, key: pass}},
        """
        .formatted(server.host(), server.port(), server.user(), backups, server.knownHost());
  }

  private String keys(String key) {
    datacenter.secret("ssh", "key: \"%s\", pass: %s".formatted(escaped(key), server.passphrase()));
    return key;
  }

  private static String escaped(String text) {
    return text.replace("\n", "\\n");
  }

  private boolean refuse() {
    server.refuse();
    return true;
  }

  private boolean accept() {
    server.accept();
    return true;
  }

  private List<String> files() throws IOException {
    try (var files = Files.walk(backups)) {
      return files.filter(Files::isRegularFile).map(Path::toString).toList();
    }
  }
}
