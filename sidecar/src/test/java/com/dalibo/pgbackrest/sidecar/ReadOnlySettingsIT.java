package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.testbed.program.PgBackRestProgram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A copy in which `postgresql.auto.conf` is still read-only when pgBackRest writes its settings
/// for a recovery: the sidecar gets no processor time while pgBackRest runs.
@Timeout(300)
class ReadOnlySettingsIT {
  /// The last one with which CNPG forbids `ALTER SYSTEM` by the mode of the file.
  private static final int MAJOR = 16;

  @TempDir private Path directory;

  @Test
  void theCopyIsCompletedWithoutAWriteToThem() throws Exception {
    assertThat(restoredLog(false))
        .contains(
            "for write: [13] Permission denied",
            "completing the copy without a write to its read-only settings")
        .doesNotContain("completing the copy with its settings made writable");
  }

  /// The other way to complete it verifies the newest history.
  @Test
  void theCopyIsCompletedBesideAHistoryThatDoesNotLeadOn() throws Exception {
    assertThat(restoredLog(true))
        .contains(
            "completing the copy without a write to its read-only settings",
            "completing the copy with its settings made writable");
  }

  /// @param stray whether a copy that was promoted by accident has archived its history
  private String restoredLog(boolean stray) throws Exception {
    try (var datacenter = new TestCluster(directory, "repo")) {
      datacenter.stanza("main", "", datacenter.repository("repo", "/main"));
      try (var source = Instance.archiving(datacenter, TestCluster.archiving("c", "main"), MAJOR)) {
        source.postgres.execute("create table t as select generate_series(1, 999) as n");
        source.postgres.forbidAlterSystem();
        source.backup("backupType: full");
        var segment = source.archiveAll();
        if (stray) {
          archiveStray(datacenter, segment);
        }
      }
      var target = stray ? "targetTLI: '1'" : "";
      try (var restored =
          Instance.recovery(datacenter, TestCluster.recovering("r", "main", target, ""), MAJOR)
              .withProgram(stoppingTheSidecar())
              .recovered()) {
        assertThat(restored.postgres.value("select count(*) from t")).isEqualTo("999");
        return restored.sidecar().log();
      }
    }
  }

  private static void archiveStray(TestCluster datacenter, String segment) {
    var history =
        datacenter.s3.keys("repo").stream()
            .filter(key -> key.contains("/" + segment + "-"))
            .map(key -> key.substring(0, key.indexOf("/00000001") + 1) + "00000002.history")
            .findFirst()
            .orElseThrow();
    var content = "1\t0/100028\tno recovery target specified\n";
    datacenter.s3.put("repo", history, content.getBytes(StandardCharsets.US_ASCII));
  }

  /// The installed pgBackRest; its parent, the sidecar, is stopped during the first restore. Nobody
  /// reads its log then, so it goes to a file first.
  private Path stoppingTheSidecar() throws IOException {
    var script =
        Files.writeString(
            directory.resolve("pgbackrest"),
            """
            #!/bin/sh
            case "$*" in
              *--type=immediate*) ;;
              *) exec '%1$s' "$@" ;;
            esac
            mkdir '%2$s/first' 2> '%2$s/log' || exec '%1$s' "$@"
            trap 'kill -s CONT "$PPID"' EXIT
            kill -s STOP "$PPID"
            '%1$s' "$@" 2> '%2$s/log'
            code=$?
            kill -s CONT "$PPID"
            cat '%2$s/log' >&2
            exit $code
            """
                .formatted(PgBackRestProgram.path(), directory));
    return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
