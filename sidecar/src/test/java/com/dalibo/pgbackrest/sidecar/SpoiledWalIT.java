package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.stanza.contract.MissingWal;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// WAL that is damaged or cut off: a recovery waits for it and does not take it for the end.
@Timeout(600)
class SpoiledWalIT {
  @TempDir static Path directory;

  @RegisterExtension static final SpoiledStage stage = new SpoiledStage(() -> directory);

  /// Most flipped bits are still decompressed, and pgBackRest compares checksums when it verifies
  /// and when it restores, but not when it fetches WAL. PostgreSQL takes the damage for the end.
  @ParameterizedTest
  @ValueSource(ints = {10, 35, 50, 65, 90})
  void aFlippedBitOfWalIsNotItsEnd(int percent) throws Exception {
    var wal = stage.key(name -> name.contains(stage.segment + "-"));
    var good = stage.s3.get("two", wal);
    stage.s3.put("two", wal, SpoiledStage.flipped(good, good.length * percent / 100));

    try (var restored = stage.restored("copied")) {
      waits(
          restored,
          words ->
              words.contains(MissingWal.damaged(stage.segment, "1", "copied", true))
                  || isUnreadable(words));

      stage.s3.put("two", wal, good);
      restored.postgres.waitForPromotion(SpoiledStage.SOON);
      assertThat(restored.rows()).isEqualTo("1,2,3");
    }
  }

  @Test
  void aFlippedBitOfUncompressedWalIsNotItsEnd() throws Exception {
    var wal = stage.key(name -> name.contains(stage.segment + "-"));
    stage.s3.delete("two", wal);
    stage.s3.put(
        "two", wal.replace(".zst", ""), SpoiledStage.flipped(stage.plainSegment, 2_000_000));

    try (var restored = stage.restored("copied")) {
      waits(
          restored,
          words ->
              words.equals(
                  "recovery waits for WAL file '%1$s' of stanza 'copied' and goes on when it can be fetched: WAL file '%1$s' is damaged in repository 1 of stanza 'copied': its content does not have the checksum of its name, and PostgreSQL would take it for the end of the WAL; remedy: restore that file in the repository, or choose a target before it; to accept the loss of everything written from there on, remove the file from the repository"
                      .formatted(stage.segment)));
    }
  }

  @Test
  void walThatIsCutOffIsNotItsEnd() throws Exception {
    var wal = stage.key(name -> name.contains(stage.segment + "-"));
    stage.s3.put("two", wal, stage.halved(wal));

    try (var restored = stage.restored("copied")) {
      waits(restored, this::isUnreadable);
    }
  }

  @Test
  void anotherRepositoryHasTheWalThatIsDamagedHere() throws Exception {
    var wal = stage.key(name -> name.contains(stage.segment + "-"));
    stage.s3.put(
        "two",
        wal,
        SpoiledStage.flipped(stage.s3.get("two", wal), stage.s3.get("two", wal).length * 35 / 100));

    try (var restored = stage.restored("both")) {
      SpoiledStage.isRestored(restored);
    }
  }

  private boolean isUnreadable(String words) {
    return words.contains(
            "WAL file '%s' is damaged in repository 1 of stanza 'copied': it cannot be decrypted or decompressed (pgbackrest archive-get failed [42 file-read]: "
                .formatted(stage.segment))
        && words.contains(" [FormatError] ")
        && words.endsWith(
            "); remedy: restore that file in the repository, or choose a target before it; to accept the loss of everything written from there on, remove the file from the repository");
  }

  private void waits(Restored restored, Predicate<String> words) throws Exception {
    restored.job.restore();
    restored.postgres.launch();
    Eventually.until(
        "recovery waits",
        () ->
            stage.datacenter.api.events().stream()
                .filter(
                    event ->
                        event
                            .getAsJsonObject("involvedObject")
                            .get("name")
                            .getAsString()
                            .equals(restored.cluster.name()))
                .filter(event -> event.get("reason").getAsString().equals("RecoveryWaits"))
                .anyMatch(event -> words.test(event.get("message").getAsString())));
    assertThat(restored.pod.pgData().resolve("recovery.signal")).exists();
  }
}
