package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

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
            recovery_target_action = 'promote'
            restore_command = 'n=0; while :; do /controller/manager wal-restore --log-destination\
             /controller/log/postgres.json %f %p && exit 0; case %f in *.history) exit 1;; esac;\
             test -e ''/controller/tmp/pgbackrest-miss''/%f && exit 1; n=$((n+1));\
             if test $n -ge 600; then echo gave up waiting for %f after 600 tries: see the log of\
             container pgbackrest-plugin >&2; exit 255; fi; sleep 1; done'
            """);
  }

  @Test
  void aFetchedSegmentIsFound() throws Exception {
    assertThat(run("exit 0", SEGMENT)).isZero();
  }

  @Test
  void aSegmentThatEveryRepositoryLacksIsTheEndOfWal() throws Exception {
    Files.createDirectories(miss());
    Files.createFile(miss().resolve(SEGMENT));

    assertThat(run("exit 1", SEGMENT)).isOne();
  }

  @Test
  void troubleIsWaitedOut() throws Exception {
    assertThat(run("test -e tried && exit 0; touch tried; exit 1", SEGMENT)).isZero();
  }

  @Test
  void troubleThatStaysFailsTheRecoveryInsteadOfEndingIt() throws Exception {
    assertThat(run("exit 1", SEGMENT)).isEqualTo(255);
  }

  @Test
  void aHistoryFileThatIsNotServedIsNotThere() throws Exception {
    assertThat(run("exit 1", "00000002.history")).isOne();
  }

  private Path miss() {
    return directory.resolve("it's 100% missing");
  }

  private int run(String walRestore, String file) throws IOException, InterruptedException {
    var script = directory.resolve("wal-restore");
    Files.writeString(script, walRestore + "\n");
    var configuration = new RecoveryConfiguration("sh " + script + " %f %p", miss(), 3).render();
    var command =
        configuration
            .substring(configuration.indexOf("'n=0") + 1, configuration.length() - 2)
            .replace("''", "'")
            .replace("%f", file)
            .replace("%p", "pg_wal/RECOVERYXLOG")
            .replace("%%", "%");
    var process =
        new ProcessBuilder("sh", "-c", command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("output").toFile())
            .start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }
}
