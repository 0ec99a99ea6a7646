package com.dalibo.pgbackrest.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.groups.Tuple.tuple;

import com.dalibo.pgbackrest.PgBackRestProgram;
import com.dalibo.pgbackrest.Server;
import com.dalibo.pgbackrest.config.Configuration;
import com.dalibo.pgbackrest.config.ConfigurationFile;
import com.dalibo.pgbackrest.error.ErrorCode;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.error.RepositoryFailure;
import com.dalibo.pgbackrest.info.BackupInfo;
import com.dalibo.pgbackrest.info.BackupType;
import com.dalibo.pgbackrest.info.StatusCode;
import com.dalibo.pgbackrest.postgres.ControlFile;
import com.dalibo.pgbackrest.process.LogLine;
import com.dalibo.pgbackrest.process.ProgramRunner;
import com.dalibo.pgbackrest.selection.BackupSelection;
import com.dalibo.pgbackrest.selection.RecoveryGoal;
import com.dalibo.pgbackrest.selection.RestoreTarget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The real pgBackRest on a real PostgreSQL, with repositories in folders.
@Timeout(180)
class PgBackRestIT {
  private static Path program;
  private static Path shared;
  private static Server server;

  private final ProgramRunner runner = new ProgramRunner();
  private Path folder;

  @BeforeAll
  static void startServer() throws Exception {
    program = PgBackRestProgram.path();
    shared = Files.createTempDirectory("pgbr");
    server = Server.create(shared);
  }

  @AfterAll
  static void stopServer() throws Exception {
    server.close();
    delete(shared);
  }

  @BeforeEach
  void makeFolder() throws IOException {
    folder = Files.createTempDirectory("pgbr");
  }

  @AfterEach
  void endPrograms() throws IOException {
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

  private Configuration.Builder configuration() {
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

  /// A second repository that nobody serves.
  private static Configuration.Builder withBrokenSecond(Configuration.Builder builder) {
    return builder
        .repository(2, "type", "s3")
        .repository(2, "path", "/repo")
        .repository(2, "s3-bucket", "bucket")
        .repository(2, "s3-endpoint", "127.0.0.1:9")
        .repository(2, "s3-uri-style", "path")
        .repository(2, "s3-region", "us-east-1")
        .repositorySecret(2, "s3-key", "key")
        .repositorySecret(2, "s3-key-secret", "topsecret")
        .repository(2, "retention-full", "9");
  }

  private PgBackRest pgBackRest(Configuration configuration) throws IOException {
    var file = folder.resolve("pgbackrest.conf");
    ConfigurationFile.write(file, configuration);
    return new PgBackRest(program, runner, file, "main");
  }

  private PgBackRest withStanza() throws Exception {
    var pgBackRest = pgBackRest(configuration().build());
    pgBackRest.stanzaCreate(folder.resolve("lock"));
    return pgBackRest;
  }

  private static BackupCommand backup(BackupType type, Consumer<LogLine> progress) {
    return new BackupCommand(type, 1, Map.of("uid", "42"), progress);
  }

  @Test
  void theProgramIsNewEnough() throws Exception {
    assertThat(pgBackRest(configuration().build()).version()).isGreaterThanOrEqualTo(2058000);
  }

  @Test
  void aStanzaIsMissingThenThereAndMayBeCreatedTwice() throws Exception {
    var pgBackRest = pgBackRest(configuration().build());
    var before = pgBackRest.info().stanza("main").orElseThrow();

    pgBackRest.stanzaCreate(folder.resolve("lock"));
    pgBackRest.stanzaCreate(folder.resolve("lock"));

    assertThat(before.repository(1).orElseThrow().code()).isEqualTo(StatusCode.MISSING_STANZA_PATH);
    var after = pgBackRest.info(1).stanza("main").orElseThrow();
    assertThat(after.repository(1).orElseThrow().code()).isEqualTo(StatusCode.NO_VALID_BACKUP);
    assertThat(after.currentDatabase(1).orElseThrow().systemId())
        .isEqualTo(ControlFile.read(server.data).systemIdentifier());
  }

  @Test
  void aSegmentIsPushedOnceTwiceAndFetched() throws Exception {
    var pgBackRest = withStanza();
    var segment = server.switchSegment();

    pgBackRest.archivePush(segment);
    var again = pgBackRest.archivePush(segment);

    assertThat(again.dropped()).isFalse();
    var fetched = folder.resolve("fetched");
    assertThat(pgBackRest.archiveGet(segment.getFileName().toString(), fetched, 1))
        .isEqualTo(ArchiveGet.FOUND);
    assertThat(fetched).hasSameBinaryContentAs(segment);
    assertThat(pgBackRest.archiveGet("0000000100000000000000FF", folder.resolve("none"), 1))
        .isEqualTo(ArchiveGet.NOT_FOUND);
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()).sorted())
          .containsExactly("fetched", "lock", "pgbackrest.conf", "repo1");
    }
  }

  @Test
  void otherContentUnderTheSameNameIsRefused() throws Exception {
    var pgBackRest = withStanza();
    var first = server.switchSegment();
    var second = server.switchSegment();
    pgBackRest.archivePush(first);
    var foreign = folder.resolve(first.getFileName());
    Files.copy(second, foreign);

    var failure =
        catchThrowableOfType(PgBackRestException.class, () -> pgBackRest.archivePush(foreign));

    assertThat(failure)
        .hasMessage(
            "pgbackrest archive-push failed [45 archive-duplicate]: WAL file '%s' already exists in the repo1 archive with a different checksum"
                .formatted(first.getFileName()));
    assertThat(failure.isTransient()).isFalse();
  }

  @Test
  void aTruncatedSegmentIsTakenByPgBackRestSoCallersHaveToCheckTheSize() throws Exception {
    var pgBackRest = withStanza();
    var segment = server.switchSegment();
    var truncated = folder.resolve(segment.getFileName());
    Files.copy(segment, truncated);
    try (var channel = FileChannel.open(truncated, StandardOpenOption.WRITE)) {
      channel.truncate(8 << 20);
    }

    assertThat(pgBackRest.archivePush(truncated).dropped()).isFalse();
  }

  @Test
  void aFileThatIsNotMarkedReadyIsPushedWhileWeWaitInAsyncModeToo() throws Exception {
    var pgBackRest = pgBackRest(configuration().global("archive-async", "y").build());
    pgBackRest.stanzaCreate(folder.resolve("lock"));
    var segment = server.switchSegment();

    pgBackRest.archivePush(segment);

    assertThat(pgBackRest.archiveGet(segment.getFileName().toString(), folder.resolve("x"), 1))
        .isEqualTo(ArchiveGet.FOUND);
  }

  @Test
  void aFileThatIsMarkedReadyIsPushedAsynchronously() throws Exception {
    var pgBackRest = pgBackRest(configuration().global("archive-async", "y").build());
    pgBackRest.stanzaCreate(folder.resolve("lock"));
    var segment = server.switchSegment();
    var ready =
        Files.createFile(
            server.data.resolve("pg_wal/archive_status/" + segment.getFileName() + ".ready"));

    var push = pgBackRest.archivePush(segment);

    Files.deleteIfExists(ready);
    assertThat(push.dropped()).isFalse();
    assertThat(folder.resolve("spool/archive/main/out")).isDirectory();
    assertThat(pgBackRest.archiveGet(segment.getFileName().toString(), folder.resolve("x"), 1))
        .isEqualTo(ArchiveGet.FOUND);
  }

  @Test
  void whatTheQueueLimitDropsIsSeen() throws Exception {
    var pgBackRest = pgBackRest(configuration().global("archive-push-queue-max", "1KiB").build());
    pgBackRest.stanzaCreate(folder.resolve("lock"));
    var segment = server.switchSegment();
    var ready =
        Files.createFile(
            server.data.resolve("pg_wal/archive_status/" + segment.getFileName() + ".ready"));

    var push = pgBackRest.archivePush(segment);

    Files.deleteIfExists(ready);
    assertThat(push.dropped()).isTrue();
  }

  @Test
  void backupsOfEachTypeAreMadeListedAndExpired() throws Exception {
    var pgBackRest = withStanza();
    var progress = new ArrayList<String>();
    pgBackRest.archivePush(server.switchSegment());

    pgBackRest.backup(backup(BackupType.FULL, line -> progress.add(line.text())));
    pgBackRest.backup(backup(BackupType.DIFF, _ -> {}));
    pgBackRest.backup(backup(BackupType.INCR, _ -> {}));

    assertThat(progress).anyMatch(text -> text.startsWith("full backup size = "));
    var stanza = pgBackRest.info().stanza("main").orElseThrow();
    assertThat(stanza.backups(1))
        .extracting(BackupInfo::type)
        .containsExactly(BackupType.FULL, BackupType.DIFF, BackupType.INCR);
    assertThat(stanza.backups(1))
        .extracting(BackupInfo::annotations)
        .containsOnly(Map.of("uid", "42"));
    assertThat(pgBackRest.expire(1, DryRun.YES).isEmpty()).isTrue();
    var verified = pgBackRest.verify(1);
    assertThat(verified.findings()).isEmpty();
    assertThat(verified.backups()).hasSize(3);
    assertThat(verified.walFiles()).isPositive();
    assertThat(pgBackRest.repoLs(1, "archive/main"))
        .extracting(RepositoryFile::name)
        .contains("18-1", "archive.info");
    assertThat(pgBackRest.timelines(1, "18-1").known()).containsExactly(1);
  }

  @Test
  void aBackupIsRestoredAndRecovered() throws Exception {
    var pgBackRest = withStanza();
    server.sql("drop table if exists goods");
    server.sql("create table goods as select generate_series(1, 1000) as n");
    pgBackRest.backup(backup(BackupType.FULL, _ -> {}));
    var label =
        pgBackRest.info().stanza("main").orElseThrow().backups(1).findFirst().orElseThrow().label();
    server.sql("insert into goods select generate_series(1001, 2000)");
    server.switchSegment();
    pushEverything(pgBackRest);
    var stanza = pgBackRest.info().stanza("main").orElseThrow();
    var choice =
        BackupSelection.choose(
            stanza, pgBackRest.timelines(1, "18-1"), RecoveryGoal.of(new RestoreTarget.Latest()));
    assertThat(choice)
        .isInstanceOfSatisfying(
            BackupSelection.Choice.Chosen.class,
            chosen -> assertThat(chosen.label()).isEqualTo(label));
    var target = Files.createDirectory(folder.resolve("restored"));

    pgBackRest.restore(
        new RestoreCommand(
            1, label, target.resolve("data"), Map.of(), Map.of(), List.of(), _ -> {}));

    assertThat(target.resolve("data/recovery.signal")).doesNotExist();
    var fetch =
        "%s --config=%s --stanza=main --pg1-path=%s --log-level-console=off archive-get %%f %%p"
            .formatted(program, folder.resolve("pgbackrest.conf"), target.resolve("data"));
    try (var restored = Server.recover(target, fetch)) {
      assertThat(restored.query("select count(*) from goods")).isEqualTo("2000");
      pgBackRest.archivePush(restored.data.resolve("pg_wal/00000002.history"));
      assertThat(pgBackRest.timelines(1, "18-1").known()).containsExactly(1, 2);
    }
  }

  private static void pushEverything(PgBackRest pgBackRest) throws Exception {
    try (var files = Files.list(server.finished)) {
      for (var file : files.sorted().toList()) {
        pgBackRest.archivePush(file);
      }
    }
  }

  @Test
  void oneOfTwoRepositoriesMayBeDown() throws Exception {
    var configuration = withBrokenSecond(configuration()).build();
    pgBackRest(configuration.only(1)).stanzaCreate(folder.resolve("lock"));
    var pgBackRest = pgBackRest(configuration);
    var segment = server.switchSegment();
    var name = segment.getFileName().toString();

    var push =
        catchThrowableOfType(PgBackRestException.class, () -> pgBackRest.archivePush(segment));
    var missing =
        catchThrowableOfType(
            PgBackRestException.class,
            () -> pgBackRest.archiveGet("0000000100000000000000FF", folder.resolve("x"), 2));
    pgBackRest.backup(backup(BackupType.FULL, _ -> {}));

    assertThat(push.errorCode()).isEqualTo(ErrorCode.COMMAND);
    assertThat(push.repositories())
        .extracting(RepositoryFailure::repository, RepositoryFailure::errorCode)
        .containsExactly(tuple(2, ErrorCode.HOST_CONNECT));
    assertThat(push.isTransient()).isTrue();
    assertThat(push.getMessage() + configuration).doesNotContain("topsecret");
    assertThat(pgBackRest.archiveGet(name, folder.resolve("found"), 1)).isEqualTo(ArchiveGet.FOUND);
    assertThat(missing)
        .hasMessageStartingWith(
            "pgbackrest archive-get failed [103 repo-invalid]: unable to find a valid repository repo2: ");
    assertThat(pgBackRest.archiveGet("0000000100000000000000FF", folder.resolve("x"), 1))
        .isEqualTo(ArchiveGet.NOT_FOUND);
    var stanza = pgBackRest.info().stanza("main").orElseThrow();
    assertThat(stanza.backups(1)).hasSize(1);
    var down = stanza.repository(2).orElseThrow();
    assertThat(down.errorCode()).contains(ErrorCode.HOST_CONNECT);
  }

  @Test
  void aWrongCipherPasswordIsAnErrorAndNeverShown() throws Exception {
    pgBackRest(ciphered("right-password")).stanzaCreate(folder.resolve("lock"));
    var segment = server.switchSegment();
    var pgBackRest = pgBackRest(ciphered("wrong-password"));

    var failure =
        catchThrowableOfType(PgBackRestException.class, () -> pgBackRest.archivePush(segment));

    assertThat(failure.errorCode()).isEqualTo(ErrorCode.REPO_INVALID);
    assertThat(failure.isTransient()).isFalse();
    assertThat(failure.getMessage()).doesNotContain("password");
    var repository = pgBackRest.info().stanza("main").orElseThrow().repository(1).orElseThrow();
    assertThat(repository.readable()).isFalse();
  }

  private Configuration ciphered(String password) {
    return configuration()
        .repository(1, "cipher-type", "aes-256-cbc")
        .repositorySecret(1, "cipher-pass", password)
        .build();
  }

  @Test
  void anInterruptedBackupLeavesNothingAndTheNextOneWorks() throws Exception {
    var pgBackRest = withStanza();
    var copying = new CountDownLatch(1);
    var result = new CompletableFuture<Throwable>();
    var slow = configuration().global("compress-type", "gz").global("compress-level", "9");
    ConfigurationFile.write(folder.resolve("pgbackrest.conf"), slow.build());
    var thread =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    pgBackRest.backup(
                        backup(
                            BackupType.FULL,
                            line -> {
                              if (line.text().startsWith("execute backup start")) {
                                copying.countDown();
                              }
                            }));
                    result.complete(new AssertionError("it ended unexpectedly"));
                  } catch (Exception e) {
                    result.complete(e);
                  }
                });
    assertThat(copying.await(60, TimeUnit.SECONDS)).isTrue();

    thread.interrupt();

    assertThat(result.get(30, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    assertNoneLeft();
    pgBackRest.backup(backup(BackupType.FULL, _ -> {}));
    assertThat(pgBackRest.info().stanza("main").orElseThrow().backups(1)).hasSize(1);
  }

  /// What was killed takes a moment to be gone.
  private void assertNoneLeft() throws InterruptedException {
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

  @Test
  void aDeadlineEndsTheCommandAndIsTransient() throws Exception {
    var pgBackRest = withStanza().within(Duration.ofMillis(1));

    var failure =
        catchThrowableOfType(
            PgBackRestException.class, () -> pgBackRest.backup(backup(BackupType.FULL, _ -> {})));

    assertThat(failure)
        .hasMessage("pgbackrest backup failed [deadline]: it took longer than 0 s and was ended");
    assertThat(failure.isTransient()).isTrue();
    assertNoneLeft();
  }
}
