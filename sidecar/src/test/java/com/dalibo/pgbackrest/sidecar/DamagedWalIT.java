package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.cnpgi.proto.wal.WALRestoreRequest;
import com.dalibo.pgbackrest.stanza.contract.MissingWal;
import com.dalibo.pgbackrest.testbed.cnpg.InstanceManager;
import com.dalibo.pgbackrest.testbed.store.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A bit of an archived segment is another one. Without compression nothing but the checksum in the
/// name of the file tells so, and PostgreSQL would take the place for the end of the WAL, whoever
/// asks. Recoveries from a backup are in [SpoiledWalIT].
class DamagedWalIT {
  /// Once it has a primary, that is history.
  private static final String FROM_SNAPSHOTS =
      """
        bootstrap:
          recovery:
            volumeSnapshots: {storage: {name: first, kind: VolumeSnapshot}}
      """;

  private static final String PARTIAL = "000000010000000000000002.partial";

  @TempDir private Path directory;
  @AutoClose private TestInstance stage;
  private Path segment;
  private Path fetched;

  @BeforeEach
  void archiveASegment() throws IOException {
    stage = new TestInstance(directory, TestInstance.archiving() + FROM_SNAPSHOTS);
    stage.applyStanza("main", stage.twoRepositories());
    stage.api.apply(
        """
        {apiVersion: pgbackrest.dalibo.com/v1, kind: Stanza, metadata: {name: main},
         spec: {stanzaConfiguration: {compressConfig: {type: none}}}}
        """);
    segment = stage.segment(TestInstance.SEGMENT);
    stage.manager.archive(segment);
    fetched = directory.resolve("fetched");
    stage.cluster.primary("demo-2");
  }

  @Test
  void aStandbyGetsItFromAnotherRepository() throws IOException {
    damage(stage.s3, "one", TestInstance.SEGMENT);

    stage.manager.restore(TestInstance.SEGMENT, fetched);

    assertThat(fetched).hasSameBinaryContentAs(segment);
  }

  @Test
  void aStandbyDoesNotGetItWhereItIsDamagedEverywhere() throws IOException {
    damageAll(TestInstance.SEGMENT);

    assertThat(failure(TestInstance.SEGMENT))
        .contains(
            "FAILED_PRECONDITION",
            "WAL file '000000010000000000000001' is damaged in repository 1, 2 of stanza 'main': its content does not have the checksum of its name, and PostgreSQL would take it for the end of the WAL; remedy: restore that file in the repository, or have what follows here created again from a later backup");
    assertThat(fetched).doesNotExist();
  }

  @Test
  void nothingIsSaidWhereTheOtherRepositoryCannotSay() throws IOException {
    damage(stage.s3, "one", TestInstance.SEGMENT);
    stage.otherS3.refuse();

    assertThat(failure(TestInstance.SEGMENT))
        .contains(
            "UNAVAILABLE",
            "cannot determine whether WAL file '000000010000000000000001' is in repository 1, 2");
  }

  @Test
  void pgRewindDoesNotGetIt() throws IOException {
    damageAll(TestInstance.SEGMENT);

    assertThat(
            InstanceManager.failureOf(
                () ->
                    stage.manager.restore(
                        TestInstance.SEGMENT, fetched, WALRestoreRequest.Mode.MODE_REWIND)))
        .contains(damaged(TestInstance.SEGMENT, false));
    assertThat(fetched).doesNotExist();
  }

  @Test
  void aPartialSegmentIsComparedToo() throws IOException {
    stage.cluster.primary("demo-1");
    stage.manager.archive(stage.segment(PARTIAL));
    stage.cluster.primary("demo-2");
    stage.manager.restore(PARTIAL, fetched);
    assertThat(fetched).hasSameBinaryContentAs(segment);
    Files.delete(fetched);

    damageAll(PARTIAL);

    assertThat(failure(PARTIAL)).contains(damaged(PARTIAL, false));
    assertThat(fetched).doesNotExist();
  }

  @Test
  void aReplicaClusterThatCannotPassItSaysSo() throws Exception {
    damageAll(TestInstance.SEGMENT);
    stage.cluster.primary("demo-1").replica(true);

    Eventually.until(
        "it is told",
        () -> {
          assertThat(failure(TestInstance.SEGMENT)).contains("FAILED_PRECONDITION");
          return events("RecoveryWaits").stream()
              .anyMatch(words -> words.endsWith(damaged(TestInstance.SEGMENT, false)));
        });
  }

  @Test
  void aPromotionIsNotGivenItAndSaysWhatIsMissing() throws Exception {
    damageAll(TestInstance.SEGMENT);
    stage.cluster.currentPrimary("demo-2").targetPrimary("demo-1");

    assertThat(failure(TestInstance.SEGMENT)).contains(damaged(TestInstance.SEGMENT, false));
    assertThat(fetched).doesNotExist();

    stage.postgres.start();
    Eventually.until(
        "it is told",
        () ->
            events("PromotedWithoutWAL").stream()
                .anyMatch(words -> words.contains(damaged(TestInstance.SEGMENT, false))));
  }

  /// The service is down meanwhile, and what cannot be compared is nearly always good.
  @Test
  void aPromotionDoesWithoutTheComparisonAndAStandbyDoesNot() throws IOException {
    List.of(stage.s3, stage.otherS3)
        .forEach(s3 -> s3.faults().failWhere(DamagedWalIT::isOfTheComparison));

    assertThat(failure(TestInstance.SEGMENT)).contains("UNAVAILABLE", "cannot determine");
    assertThat(fetched).doesNotExist();

    stage.cluster.currentPrimary("demo-2").targetPrimary("demo-1");
    stage.manager.restore(TestInstance.SEGMENT, fetched);
    assertThat(fetched).hasSameBinaryContentAs(segment);
  }

  /// CNPG's `restore_command` would pass a failure on as the end of the WAL.
  @Test
  void aRecoveryFromVolumeSnapshotsWaitsForTheRightOneInItsOwnArchive() throws Exception {
    var good = damage(stage.s3, "one", TestInstance.SEGMENT);
    damage(stage.otherS3, "two", TestInstance.SEGMENT);
    stage.cluster.primary("");

    var recovery =
        CompletableFuture.runAsync(() -> stage.manager.restore(TestInstance.SEGMENT, fetched));
    Eventually.until(
        "it is told",
        () ->
            events("RecoveryWaits").stream()
                .anyMatch(words -> words.endsWith(damaged(TestInstance.SEGMENT, true))));
    assertThat(recovery).isNotDone();
    assertThat(fetched).doesNotExist();

    stage.s3.put("one", key(stage.s3, "one", TestInstance.SEGMENT), good);
    recovery.get(60, TimeUnit.SECONDS);
    assertThat(fetched).hasSameBinaryContentAs(segment);
  }

  @Test
  void whatIsArchivedLaterIsComparedAfterOneListing() throws IOException {
    for (var number = 3; number < 6; number++) {
      stage.cluster.primary("demo-1");
      stage.manager.archive(stage.segment(name(number)));
      stage.cluster.primary("demo-2");
      stage.s3.faults().forgetRequests();

      stage.manager.restore(name(number), fetched);

      assertThat(fetched).exists();
      assertThat(stage.s3.faults().requests().stream().filter(DamagedWalIT::isOfTheComparison))
          .as("listings for %s", name(number))
          .hasSizeLessThanOrEqualTo(2);
    }
    stage.s3.faults().forgetRequests();
    stage.manager.restore(name(4), fetched);
    assertThat(stage.s3.faults().requests()).noneMatch(DamagedWalIT::isOfTheComparison);
  }

  /// pgBackRest lists what begins with the name of a segment, the comparison whole directories.
  private static boolean isOfTheComparison(String request) {
    return request.contains("list-type=2") && !request.matches(".*prefix=[^&]*[0-9A-F]{24}.*");
  }

  private static String name(int number) {
    return "0000000100000000%08X".formatted(number);
  }

  private void damageAll(String walFile) {
    damage(stage.s3, "one", walFile);
    damage(stage.otherS3, "two", walFile);
  }

  /// Flips one bit; returns what was there.
  private static byte[] damage(S3Server s3, String bucket, String walFile) {
    var key = key(s3, bucket, walFile);
    var good = s3.get(bucket, key);
    var bad = good.clone();
    bad[bad.length / 2] ^= 1;
    s3.put(bucket, key, bad);
    return good;
  }

  private static String key(S3Server s3, String bucket, String walFile) {
    return s3.keys(bucket).stream()
        .filter(key -> key.contains("/" + walFile + "-"))
        .findFirst()
        .orElseThrow();
  }

  private static String damaged(String walFile, boolean isNew) {
    return MissingWal.damaged(walFile, "1, 2", "main", isNew);
  }

  private String failure(String walFile) {
    return String.valueOf(InstanceManager.failureOf(() -> stage.manager.restore(walFile, fetched)));
  }

  private List<String> events(String reason) {
    return new UserView(stage.api).events("Cluster", reason);
  }
}
