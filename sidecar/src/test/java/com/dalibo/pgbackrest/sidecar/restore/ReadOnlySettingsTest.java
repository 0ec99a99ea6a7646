package com.dalibo.pgbackrest.sidecar.restore;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.error.ErrorCode;
import com.dalibo.pgbackrest.error.PgBackRestException;
import com.dalibo.pgbackrest.sidecar.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadOnlySettingsTest {
  @TempDir private Path directory;

  @Test
  void aFileThatIsRestoredReadOnlyBecomesWritable() throws Exception {
    var copy = directory.resolve("copy");
    try (var _ = new ReadOnlySettings(copy)) {
      Files.createDirectories(copy);
      var file =
          Files.createFile(
              copy.resolve("postgresql.auto.conf"),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r--------")));

      Eventually.until("it can be written", () -> Files.isWritable(file));

      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void onlyThatFileIsTheCause() {
    assertThat(ReadOnlySettings.isCauseOf(failure(ErrorCode.FILE_OPEN, "postgresql.auto.conf")))
        .isTrue();
    assertThat(ReadOnlySettings.isCauseOf(failure(ErrorCode.FILE_OPEN, "base/1/1259"))).isFalse();
    assertThat(ReadOnlySettings.isCauseOf(failure(ErrorCode.FILE_WRITE, "postgresql.auto.conf")))
        .isFalse();
  }

  private static PgBackRestException failure(ErrorCode code, String file) {
    return PgBackRestException.of(
        "restore",
        code,
        "unable to open file '/data/pgbackrest-plugin.copy/%s' for write: [13] Permission denied"
            .formatted(file),
        null);
  }
}
