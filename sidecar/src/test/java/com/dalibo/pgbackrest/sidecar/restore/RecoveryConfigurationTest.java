package com.dalibo.pgbackrest.sidecar.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The shell line is run by a real shell, with a script in the place of CNPG's `wal-restore`.
@Timeout(60)
class RecoveryConfigurationTest {
  private static final String SEGMENT = "000000010000000000000007";

  @TempDir Path directory;

  @Test
  void theSettingsAreThoseThatCnpgAppends() {
    assertThat(RecoveryConfiguration.ofCnpg(Path.of("/controller/tmp/pgbackrest-miss")).render())
        .isEqualTo(
            """
            timezone_abbreviations = 'Default'
            timezone = 'UTC'
            archive_command = ''
            recovery_target_action = 'promote'
            restore_command = 'n=0; while :; do /controller/manager wal-restore --log-destination\
             /controller/log/postgres.json %f %p && exit 0; case %f in *.history) test $n -ge 0 &&\
             exit 1;; esac;\
             test -e ''/controller/tmp/pgbackrest-miss''/%f && exit 1; n=$((n+1));\
             if test $n -ge 600; then echo gave up waiting for %f after 600 tries: see the log of\
             container pgbackrest-plugin >&2; exit 255; fi; sleep 1; done'
            """);
  }

  @ParameterizedTest
  @MethodSource("shells")
  void aFetchedSegmentIsFoundWherePostgresqlWantsIt(String shell) throws Exception {
    assertThat(run(shell, "echo \"$1\" > \"$2\"", SEGMENT)).isZero();
    assertThat(directory.resolve("pg_wal/RECOVERYXLOG")).hasContent(SEGMENT);
  }

  @ParameterizedTest
  @MethodSource("shells")
  void aSegmentThatEveryRepositoryLacksIsTheEndOfWal(String shell) throws Exception {
    Files.createDirectories(miss());
    Files.createFile(miss().resolve(SEGMENT));

    assertThat(run(shell, "exit 1", SEGMENT)).isOne();
  }

  @ParameterizedTest
  @MethodSource("shells")
  void aMissOfAnotherSegmentSaysNothingAboutThisOne(String shell) throws Exception {
    Files.createDirectories(miss());
    Files.createFile(miss().resolve("000000010000000000000008"));

    assertThat(run(shell, "exit 1", SEGMENT)).isEqualTo(255);
  }

  @ParameterizedTest
  @MethodSource("shells")
  void troubleIsWaitedOut(String shell) throws Exception {
    assertThat(run(shell, "test -e tried && exit 0; touch tried; exit 1", SEGMENT)).isZero();
  }

  @ParameterizedTest
  @MethodSource("shells")
  void aCommandThatIsKilledIsTriedAgain(String shell) throws Exception {
    assertThat(run(shell, "test -e tried && exit 0; touch tried; kill -9 $$", SEGMENT)).isZero();
  }

  @ParameterizedTest
  @MethodSource("shells")
  void troubleThatStaysFailsTheRecoveryInsteadOfEndingIt(String shell) throws Exception {
    assertThat(run(shell, "exit 1", SEGMENT)).isEqualTo(255);
    assertThat(directory.resolve("output"))
        .content()
        .contains("gave up waiting for " + SEGMENT + " after 3 tries");
  }

  @ParameterizedTest
  @MethodSource("shells")
  void aHistoryFileThatIsNotServedIsNotThere(String shell) throws Exception {
    assertThat(run(shell, "exit 1", "00000002.history")).isOne();
  }

  @ParameterizedTest
  @MethodSource("shells")
  void fromSnapshotsAHistoryIsAskedForMoreThanOnce(String shell) throws Exception {
    Files.createFile(
        Files.createDirectories(miss()).resolveSibling("pgbackrest-recovers-from-snapshots"));

    assertThat(
            runFromSnapshots(
                shell, "test -e tried && exit 0; touch tried; exit 1", "00000002.history"))
        .isZero();
    assertThat(runFromSnapshots(shell, "exit 1", "00000002.history")).isOne();
  }

  @ParameterizedTest
  @MethodSource("shells")
  void fromSnapshotsTroubleFailsTheRecoveryInsteadOfEndingIt(String shell) throws Exception {
    Files.createFile(
        Files.createDirectories(miss()).resolveSibling("pgbackrest-recovers-from-snapshots"));

    assertThat(runFromSnapshots(shell, "exit 1", SEGMENT)).isEqualTo(255);
    Files.createFile(miss().resolve(SEGMENT));
    assertThat(runFromSnapshots(shell, "exit 1", SEGMENT)).isOne();
  }

  @ParameterizedTest
  @MethodSource("shells")
  void inAnyOtherPodTheCommandOfSnapshotsIsCnpgsOwn(String shell) throws Exception {
    Files.createDirectories(miss());

    assertThat(runFromSnapshots(shell, "exit 7", SEGMENT)).isEqualTo(7);
    assertThat(runFromSnapshots(shell, "echo \"$1\" > \"$2\"", SEGMENT)).isZero();
    assertThat(directory.resolve("pg_wal/RECOVERYXLOG")).hasContent(SEGMENT);
  }

  /// `system(3)`, by which PostgreSQL runs the command, always takes the first.
  static Stream<String> shells() {
    return Stream.of("/bin/sh", "/bin/dash", "/bin/bash", "/bin/busybox")
        .filter(shell -> Files.isExecutable(Path.of(shell)));
  }

  private Path miss() {
    return directory.resolve("it's 100% missing%f");
  }

  private int run(String shell, String walRestore, String file)
      throws IOException, InterruptedException {
    return run(
        shell,
        walRestore,
        file,
        command -> new RecoveryConfiguration(command, miss(), 3, 0).render());
  }

  private int runFromSnapshots(String shell, String walRestore, String file)
      throws IOException, InterruptedException {
    return run(
        shell,
        walRestore,
        file,
        command -> new RecoveryConfiguration(command, miss(), 4, 2).restoreCommandWhereMarked());
  }

  private int run(String shell, String walRestore, String file, UnaryOperator<String> configuration)
      throws IOException, InterruptedException {
    Files.createDirectories(directory.resolve("pg_wal"));
    var script = directory.resolve("wal-restore");
    Files.writeString(script, walRestore + "\n");
    var command =
        substituted(
            setting(configuration.apply("sh " + script + " %f %p")), file, "pg_wal/RECOVERYXLOG");
    var arguments =
        shell.endsWith("busybox")
            ? List.of(shell, "sh", "-c", command)
            : List.of(shell, "-c", command);
    var process =
        new ProcessBuilder(arguments)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("output").toFile())
            .start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  /// The value as PostgreSQL reads it from its configuration: quoted, each quote in it twice.
  private static String setting(String configuration) {
    var setting =
        Pattern.compile("^restore_command = '((?:[^']|'')*)'$", Pattern.MULTILINE)
            .matcher(configuration);
    assertThat(setting.find()).isTrue();
    return setting.group(1).replace("''", "'");
  }

  /// As PostgreSQL does it: one pass, and a letter it does not know is an error.
  private static String substituted(String command, String file, String path) {
    return Pattern.compile("%(.)")
        .matcher(command)
        .replaceAll(
            found ->
                switch (found.group(1)) {
                  case "f" -> Matcher.quoteReplacement(file);
                  case "p" -> Matcher.quoteReplacement(path);
                  case "%" -> "%";
                  default -> throw new IllegalArgumentException("unexpected " + found.group());
                });
  }
}
