package com.dalibo.pgbackrest.sidecar.walrestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.postgres.WalFile;
import com.dalibo.pgbackrest.sidecar.failure.PreconditionException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecoveryRecordTest {
  private static final RecoveryRecord BEGUN =
      new RecoveryRecord(
          new RecoveryRecord.Aim(
              "uid-1",
              "main",
              "20261128-072259F",
              "backup latest, timeline latest, inclusive",
              "time 2026-11-28 07:26:56+00"),
          new RecoveryRecord.End("", 0, "000000010000000000000007"),
          new RecoveryRecord.Tries(0, 1));

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

  /// An upgrade of the sidecar between two tries changes nothing.
  @Test
  void isReadAsEarlierReleasesWroteIt() throws IOException {
    Files.writeString(
        directory.resolve("pgbackrest-plugin.restored"),
        """
        #Sat Nov 28 07:30:00 UTC 2026
        backup=20261128-072259F
        begun=1
        cluster=uid-1
        continued=0
        end=
        misses=0
        stanza=main
        stop=000000010000000000000007
        target=time 2026-11-28 07\\:26\\:56+00
        way=backup latest, timeline latest, inclusive
        """);

    assertThat(RecoveryRecord.read(directory)).contains(BEGUN);
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

    assertThat(ended.end().segment()).isEqualTo("000000010000000000000007");
    assertThat(ended.end().stop()).isEqualTo(BEGUN.end().stop());
    assertThat(ended.again(BEGUN.aim().target(), 1, "").end().segment()).isEmpty();
  }

  @Test
  void whatBeganForAnotherTargetDoesNotCount() {
    assertThat(BEGUN.begunOnceMore().tries().begun()).isEqualTo(2);
    assertThat(BEGUN.again(BEGUN.aim().target(), 1, "").tries().begun()).isEqualTo(1);
    assertThat(BEGUN.again("LSN 0/7", 0, "").tries().begun()).isZero();
  }

  @Test
  void aNewCopyForTheSameEndCountsWhatBeganWithTheEarlierOne() {
    var copied =
        RecoveryRecord.of(
            new RecoveryRecord.Aim(
                "uid-1", "main", "20261129-1F", BEGUN.aim().way(), BEGUN.aim().target()));

    assertThat(copied.following(BEGUN).tries().begun()).isEqualTo(1);
    assertThat(copied.again("LSN 0/7", 0, "").following(BEGUN).tries().begun()).isZero();
    assertThat(copied.following(BEGUN).tries().continued()).isZero();
  }

  /// A base backup or a snapshot may have brought that of another Cluster, also of the same name.
  @Test
  void thatOfAnotherClusterIsNone() throws Exception {
    BEGUN.write(directory);

    assertThat(RecoveryRecord.of(cluster("uid-1"), directory)).contains(BEGUN);
    assertThat(RecoveryRecord.of(cluster("uid-2"), directory)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "backup=20261128-072259F\nmisses=\n",
        "backup=20261128-072259F\nbegun=one\n",
        "backup=20261128-072259F\ncontinued=99999999999\n",
        "backup=\\u12",
        "\u0000\u0000backup=20261128-072259F\nmisses=\u0000",
      })
  void oneThatCannotBeUnderstoodSaysNothingAndEndsNoRecoveryTooLate(String content)
      throws IOException {
    var file = directory.resolve("pgbackrest-plugin.restored");
    Files.writeString(file, content);

    assertThat(RecoveryRecord.read(directory)).isEmpty();
    assertThat(RecoveryRecord.isIn(directory)).isTrue();
    assertThatThrownBy(() -> RecoveryRecord.of(cluster("uid-1"), directory))
        .isInstanceOf(PreconditionException.class)
        .hasMessageContaining("the file '%s' cannot be understood".formatted(file))
        .hasMessageEndingWith("delete its pod, and the next try copies the backup anew");
  }

  @Test
  void anEncodingThatIsNoneIsNotUnderstoodEither() throws IOException {
    Files.write(directory.resolve("pgbackrest-plugin.restored"), new byte[] {'b', '=', -1, -2});

    assertThat(RecoveryRecord.read(directory)).isEmpty();
    assertThatThrownBy(() -> RecoveryRecord.of(cluster("uid-1"), directory))
        .isInstanceOf(PreconditionException.class);
  }

  /// What a newer release has added.
  @Test
  void whatIsNotKnownIsPassedOver() throws IOException {
    BEGUN.write(directory);
    Files.writeString(
        directory.resolve("pgbackrest-plugin.restored"), "shape=2\n", StandardOpenOption.APPEND);

    assertThat(RecoveryRecord.read(directory)).contains(BEGUN);
  }

  private static Cluster cluster(String uid) {
    return Cluster.parse(
        "{\"metadata\": {\"name\": \"new\", \"namespace\": \"n\", \"uid\": \"%s\"}}"
            .formatted(uid)
            .getBytes(StandardCharsets.UTF_8));
  }
}
