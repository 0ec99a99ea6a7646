package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Backups with a file that is damaged: a restore fails with the cause in words.
@Timeout(600)
class SpoiledBackupIT {
  @TempDir static Path directory;

  @RegisterExtension static final SpoiledStage stage = new SpoiledStage(() -> directory);

  @Test
  void aFlippedBitOfAFileIsNotRestored() throws Exception {
    var file = stage.key(name -> name.contains("/pg_data/base/"));
    stage.s3.put("two", file, SpoiledStage.flipped(stage.s3.get("two", file)));

    stage.isNotRestored("copied", SpoiledBackupIT::isFoundByChecksumOrDecompression);
  }

  @Test
  void aFlippedBitOfABundleIsNotRestored() throws Exception {
    var bundle = stage.key(name -> name.contains("/bundle/"));
    stage.s3.put("two", bundle, SpoiledStage.flipped(stage.s3.get("two", bundle)));

    stage.isNotRestored("copied", SpoiledBackupIT::isFoundByChecksumOrDecompression);
  }

  @Test
  void aFileThatIsCutOffIsNotRestored() throws Exception {
    var file = stage.key(name -> name.contains("/pg_data/base/"));
    stage.s3.put("two", file, stage.halved(file));

    stage.isNotRestored(
        "copied", "[29 format]", "unexpected eof in compressed data; remedy: a file of the backup");
  }

  @Test
  void anEmptyFileIsNotRestored() throws Exception {
    stage.s3.put("two", stage.key(name -> name.contains("/pg_data/base/")), new byte[0]);

    stage.isNotRestored(
        "copied", "[29 format]", "unexpected eof in compressed data; remedy: a file of the backup");
  }

  @Test
  void aBundleThatIsCutOffIsNotRestored() throws Exception {
    var bundle = stage.key(name -> name.contains("/bundle/"));
    stage.s3.put("two", bundle, stage.halved(bundle));

    stage.isNotRestored(
        "copied", "[29 format]", "unexpected eof in compressed data; remedy: a file of the backup");
  }

  /// Which bytes say nothing of a password that has opened the lists.
  @Test
  void anEncryptedFileWithoutItsHeaderIsNoWrongPassphrase() throws Exception {
    var file =
        stage.s3.keys("sealed").stream()
            .filter(name -> name.contains("/pg_data/base/"))
            .findFirst()
            .orElseThrow();
    var good = stage.s3.get("sealed", file);
    stage.s3.put("sealed", file, SpoiledStage.flipped(good, 0));
    try {
      stage.isNotRestored(
          "right",
          "cipher header invalid; remedy: a file of the backup is damaged or missing in the repository");
    } finally {
      stage.s3.put("sealed", file, good);
    }
  }

  /// Where the bit is decides which of the two it is.
  private static void isFoundByChecksumOrDecompression(Throwable failure) {
    assertThat(failure)
        .hasMessageContaining("cannot be restored: pgbackrest restore failed")
        .hasMessageContaining("; remedy: a file of the backup is damaged or missing")
        .hasMessageMatching("(?s).*\\[(26 checksum|29 format)\\].*");
  }
}
