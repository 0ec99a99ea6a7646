package com.dalibo.pgbackrest.sidecar;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a repository says of itself: pgBackRest keeps it twice, and nothing is restored where both
/// are damaged, or where the password is wrong.
@Timeout(600)
class SpoiledListsIT {
  @TempDir static Path directory;

  @RegisterExtension static final SpoiledStage stage = new SpoiledStage(() -> directory);

  @Test
  void oneCopyOfAFileThatIsKeptTwiceSuffices() throws Exception {
    stage.s3.delete("two", stage.key(name -> name.endsWith("/backup.info.copy")));
    stage.s3.delete("two", stage.key(name -> name.endsWith("/archive.info")));
    var manifest = stage.key(name -> name.endsWith(stage.full + "/backup.manifest"));
    stage.s3.put("two", manifest, SpoiledStage.flipped(stage.s3.get("two", manifest)));

    try (var restored = stage.restored("copied")) {
      SpoiledStage.isRestored(restored);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/backup.info", "/archive.info"})
  void withoutAGoodCopyNothingIsRestored(String kind) throws Exception {
    flipBoth(kind);

    stage.isNotRestored("copied", "unable to load", kind.substring(1));
  }

  @Test
  void withoutAGoodManifestThereIsTheRemedyOfADamagedBackup() throws Exception {
    flipBoth("/backup.manifest");

    stage.isNotRestored(
        "copied",
        "unable to load backup manifest file",
        "; remedy: a file of the backup is damaged or missing in the repository");
  }

  private void flipBoth(String kind) {
    stage
        .keys(name -> name.endsWith(kind) || name.endsWith(kind + ".copy"))
        .forEach(
            name -> stage.s3.put("two", name, SpoiledStage.flipped(stage.s3.get("two", name))));
  }

  @Test
  void withoutBackupInfoThereIsNoBackup() throws Exception {
    stage
        .keys(name -> name.endsWith("/backup.info") || name.endsWith("/backup.info.copy"))
        .forEach(name -> stage.s3.delete("two", name));

    stage.isNotRestored("copied", "no backup of stanza 'copied'");
  }

  @Test
  void aWrongPassphraseIsNamed() throws Exception {
    stage.isNotRestored(
        "wrong",
        "no repository of stanza 'wrong' can be read",
        "was not encrypted with the password in the Stanza");

    try (var restored = stage.restored("right")) {
      SpoiledStage.isRestored(restored);
    }
  }
}
