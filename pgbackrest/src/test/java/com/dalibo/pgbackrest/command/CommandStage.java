package com.dalibo.pgbackrest.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.PgBackRestProgram;
import com.dalibo.pgbackrest.Server;
import com.dalibo.pgbackrest.config.Configuration;
import com.dalibo.pgbackrest.config.ConfigurationFile;
import com.dalibo.pgbackrest.info.BackupType;
import com.dalibo.pgbackrest.process.LogLine;
import com.dalibo.pgbackrest.process.ProgramRunner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// The real pgBackRest on a real PostgreSQL, which the tests of a class share; each has a folder of
/// its own for the repositories.
final class CommandStage
    implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback {
  Path program;
  Server server;
  Path folder;
  private Path shared;
  private ProgramRunner runner;

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    program = PgBackRestProgram.path();
    shared = Files.createTempDirectory("pgbr");
    server = Server.create(shared);
  }

  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    server.close();
    delete(shared);
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    runner = new ProgramRunner();
    folder = Files.createTempDirectory("pgbr");
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    runner.close();
    delete(folder);
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(
              file -> {
                try {
                  Files.delete(file);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }

  Configuration.Builder configuration() {
    return Configuration.builder("main")
        .global("log-level-file", "off")
        .global("lock-path", folder.resolve("lock").toString())
        .global("spool-path", folder.resolve("spool").toString())
        .global("archive-check", "n")
        .global("start-fast", "y")
        .global("compress-type", "lz4")
        .global("io-timeout", "2")
        .stanza("pg1-path", server.data.toString())
        .stanza("pg1-socket-path", server.socketFolder.toString())
        .stanza("pg1-port", Integer.toString(server.port()))
        .stanza("pg1-user", "postgres")
        .repository(1, "path", folder.resolve("repo1").toString())
        .repository(1, "retention-full", "9");
  }

  PgBackRest pgBackRest(Configuration configuration) throws IOException {
    var file = folder.resolve("pgbackrest.conf");
    ConfigurationFile.write(file, configuration);
    return new PgBackRest(program, runner, file, "main");
  }

  /// On a stanza that has been created.
  PgBackRest withStanza() throws Exception {
    var pgBackRest = pgBackRest(configuration().build());
    pgBackRest.stanzaCreate(folder.resolve("lock"));
    return pgBackRest;
  }

  static BackupCommand backup(BackupType type, Consumer<LogLine> progress) {
    return new BackupCommand(type, 1, Map.of("uid", "42"), progress);
  }

  /// What was killed takes a moment to be gone.
  void assertNoneLeft() throws InterruptedException {
    var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!ofOurs().isEmpty() && System.nanoTime() < end) {
      Thread.sleep(20);
    }
    assertThat(ofOurs()).isEmpty();
  }

  /// The processes that work with this test's configuration.
  private List<String> ofOurs() {
    return ProcessHandle.allProcesses()
        .map(process -> process.info().commandLine().orElse(""))
        .filter(line -> line.contains(folder.toString()))
        .toList();
  }
}
