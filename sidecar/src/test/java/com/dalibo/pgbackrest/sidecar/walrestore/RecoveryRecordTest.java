package com.dalibo.pgbackrest.sidecar.walrestore;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.postgres.WalFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecoveryRecordTest {
  private static final RecoveryRecord BEGUN =
      new RecoveryRecord(
          "uid-1",
          "main",
          "20261128-072259F",
          "backup latest, timeline latest, inclusive",
          "time 2026-11-28 07:26:56+00",
          "",
          0,
          "000000010000000000000007",
          0,
          1);

  @TempDir private Path directory;

  @Test
  void isReadAsItWasWritten() throws IOException {
    BEGUN.write(directory);

    assertThat(RecoveryRecord.read(directory)).contains(BEGUN);
    assertThat(RecoveryRecord.isIn(directory)).isTrue();
  }

  @Test
  void isNoneWhereThereIsNoFileOrOneOfAnEarlierRelease() throws IOException {
    assertThat(RecoveryRecord.read(directory)).isEmpty();
    Files.createFile(directory.resolve("pgbackrest-plugin.restored"));

    assertThat(RecoveryRecord.read(directory)).isEmpty();
    assertThat(RecoveryRecord.isIn(directory)).isTrue();
  }

  /// What the source archives while a recovery runs is later than the target that was given up.
  @ParameterizedTest
  @CsvSource({
    "000000010000000000000006, false",
    "000000010000000000000007, true",
    "000000010000000100000000, true",
    "000000020000000000000007, true",
    "00000002.history, false",
    "000000010000000000000007.partial, false"
  })
  void aRecoveryToTheEndStopsWhereTheEndWas(String file, boolean stops) {
    assertThat(BEGUN.stopsBefore(WalFile.parse(file))).isEqualTo(stops);
    assertThat(BEGUN.again("LSN 0/7", 1, "").stopsBefore(WalFile.parse(file))).isFalse();
  }

  @Test
  void theEndIsNotedAndForgottenByTheNextTry() {
    var ended = BEGUN.endingBefore("000000010000000000000007");

    assertThat(ended.end()).isEqualTo("000000010000000000000007");
    assertThat(ended.stop()).isEqualTo(BEGUN.stop());
    assertThat(ended.again(BEGUN.target(), 1, "").end()).isEmpty();
  }

  @Test
  void whatBeganForAnotherTargetDoesNotCount() {
    assertThat(BEGUN.begunOnceMore().begun()).isEqualTo(2);
    assertThat(BEGUN.again(BEGUN.target(), 1, "").begun()).isEqualTo(1);
    assertThat(BEGUN.again("LSN 0/7", 0, "").begun()).isZero();
  }

  @Test
  void aNewCopyForTheSameEndCountsWhatBeganWithTheEarlierOne() {
    var copied =
        new RecoveryRecord(
            BEGUN.cluster(), "main", "20261129-1F", BEGUN.way(), BEGUN.target(), "", 0, "", 0, 0);

    assertThat(copied.following(BEGUN).begun()).isEqualTo(1);
    assertThat(copied.again("LSN 0/7", 0, "").following(BEGUN).begun()).isZero();
    assertThat(copied.following(BEGUN).continued()).isZero();
  }

  /// A base backup or a snapshot may have brought that of another Cluster, also of the same name.
  @Test
  void thatOfAnotherClusterIsNone() throws IOException {
    BEGUN.write(directory);

    assertThat(RecoveryRecord.of(cluster("uid-1"), directory)).contains(BEGUN);
    assertThat(RecoveryRecord.of(cluster("uid-2"), directory)).isEmpty();
  }

  private static Cluster cluster(String uid) {
    return Cluster.parse(
        "{\"metadata\": {\"name\": \"new\", \"namespace\": \"n\", \"uid\": \"%s\"}}"
            .formatted(uid)
            .getBytes(StandardCharsets.UTF_8));
  }
}
