package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.testbed.cnpg.InstanceManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WalServiceIT {

  @TempDir private Path directory;
  @AutoClose private TestInstance stage;

  @BeforeEach
  void begin() throws IOException {
    stage = new TestInstance(directory, TestInstance.archiving());
  }

  @Test
  void aSegmentIsInBothRepositoriesAndComesBackUnchanged() throws IOException {
    stage.applyStanza("main", stage.twoRepositories());
    var segment = stage.segment(TestInstance.SEGMENT);

    stage.manager.archive(segment);

    assertThat(wal(stage.s3.keys("one"))).hasSize(1);
    assertThat(wal(stage.otherS3.keys("two"))).hasSize(1);
    var fetched = directory.resolve("fetched");
    stage.cluster.primary("demo-2");
    stage.manager.restore(TestInstance.SEGMENT, fetched);
    assertThat(fetched).hasSameBinaryContentAs(segment);
  }

  @Test
  void aRepositoryThatIsDownIsNamedAndTheOtherGetsTheSegment() throws IOException {
    stage.applyStanza("main", stage.twoRepositories());
    stage.manager.archive(stage.segment(TestInstance.SEGMENT));
    stage.otherS3.refuse();

    var second = stage.segment("000000010000000000000002");
    var failure = InstanceManager.failureOf(() -> stage.manager.archive(second));

    assertThat(failure)
        .contains(
            "WAL file '000000010000000000000002' is not yet in repository 2 of stanza 'main'; PostgreSQL keeps it and retries")
        .contains("Connection refused");
    assertThat(wal(stage.s3.keys("one"))).hasSize(2);
    stage.otherS3.accept();
    stage.manager.archive(second);
    assertThat(wal(stage.otherS3.keys("two"))).hasSize(2);
  }

  @Test
  void aRepositoryAddedLaterGetsItsStanzaWithTheNextSegment() throws Exception {
    stage.applyStanza("main", stage.oneRepository());
    stage.manager.archive(stage.segment(TestInstance.SEGMENT));
    stage.applyStanza("main", stage.twoRepositories());
    Thread.sleep(3100);

    stage.manager.archive(stage.segment("000000010000000000000002"));

    assertThat(wal(stage.otherS3.keys("two"))).hasSize(1);
  }

  @Test
  void aFormerPrimaryDoesNotReplaceTheHistoryOfTheTimelineThatTwoHaveBegun() throws Exception {
    stage.applyStanza("main", stage.oneRepository());
    stage.manager.archive(stage.segment(TestInstance.SEGMENT));
    var history = stage.postgres.walDirectory().resolve("00000002.history");
    Files.writeString(history, "1\t0/5000000\tno recovery target specified\n");
    stage.manager.archive(history);

    stage.cluster.currentPrimary("demo-2");
    stage.manager.archive(history);
    Files.writeString(history, "1\t0/9000000\tno recovery target specified\n");
    stage.manager.archive(history);

    var fetched = directory.resolve("fetched.history");
    stage.manager.restore("00000002.history", fetched);
    assertThat(fetched).hasContent("1\t0/5000000\tno recovery target specified\n");
    Eventually.until(
        "it is told",
        () ->
            stage
                .api
                .events()
                .toString()
                .contains("history '00000002.history' was not archived: the archive has another"));
  }

  @Test
  void aRotatedKeyWorksAtTheNextCommand() throws IOException {
    stage.applyStanza("main", stage.oneRepository());
    stage.applySecret("a-key-that-is-wrong");
    var segment = stage.segment(TestInstance.SEGMENT);

    var failure = InstanceManager.failureOf(() -> stage.manager.archive(segment));
    stage.applySecret(stage.s3.secretKey());
    stage.manager.archive(segment);

    assertThat(failure).contains("403").doesNotContain("a-key-that-is-wrong");
    assertThat(wal(stage.s3.keys("one"))).hasSize(1);
  }

  @Test
  void aBucketThatDoesNotExistIsToldAsSuch() throws IOException {
    stage.applyStanza("main", stage.repository(stage.s3, "nowhere"));
    var segment = stage.segment(TestInstance.SEGMENT);

    var failure = InstanceManager.failureOf(() -> stage.manager.archive(segment));

    assertThat(failure)
        .contains("NoSuchBucket", "remedy: there is no such bucket at this endpoint")
        .doesNotContain("Headers");
  }

  @Test
  void theSameSegmentTwiceIsFineAndAnotherOneOfThatNameIsRefused() throws IOException {
    stage.applyStanza("main", stage.oneRepository());
    var segment = stage.segment(TestInstance.SEGMENT);
    stage.manager.archive(segment);
    stage.manager.archive(segment);
    var changed = Files.readAllBytes(segment);
    changed[changed.length - 1]++;
    Files.write(segment, changed);

    var failure = InstanceManager.failureOf(() -> stage.manager.archive(segment));

    assertThat(failure)
        .contains("is already in repository 1 of stanza 'main' with different content")
        .contains("split brain");
  }

  @Test
  void aTruncatedSegmentAndAnOddNameAreRefused() throws IOException {
    stage.applyStanza("main", stage.oneRepository());
    var half = stage.postgres.walDirectory().resolve("000000010000000000000003");
    Files.write(half, new byte[8 << 20]);
    var odd = stage.postgres.walDirectory().resolve("short");
    Files.write(odd, new byte[10]);

    assertThat(InstanceManager.failureOf(() -> stage.manager.archive(half)))
        .contains("has 8388608 bytes instead of 16777216; it is truncated");
    assertThat(InstanceManager.failureOf(() -> stage.manager.archive(odd)))
        .contains("'short' is not the name of a file that PostgreSQL archives");
  }

  @Test
  void aMissIsOnlySaidWhenEveryRepositorySaidSo() throws IOException {
    stage.applyStanza("main", stage.twoRepositories());
    stage.manager.archive(stage.segment(TestInstance.SEGMENT));
    stage.cluster.primary("demo-2");
    var fetched = directory.resolve("fetched");

    var absent =
        InstanceManager.failureOf(() -> stage.manager.restore("000000010000000000000009", fetched));
    stage.otherS3.refuse();
    var unknown =
        InstanceManager.failureOf(() -> stage.manager.restore("000000010000000000000009", fetched));

    assertThat(absent)
        .contains("NOT_FOUND")
        .contains("WAL file '000000010000000000000009' is in no repository of stanza 'main'");
    assertThat(unknown)
        .contains("UNAVAILABLE")
        .contains(
            "cannot determine whether WAL file '000000010000000000000009' is in repository 2 of stanza 'main'");
    assertThat(fetched).doesNotExist();
  }

  @Test
  void aStandbyIsAnsweredSoonAndStillGetsWhatTakesLonger() throws IOException {
    stage.applyStanza("main", stage.oneRepository());
    stage.allowSlowStorage();
    var segment = stage.segment(TestInstance.SEGMENT);
    stage.manager.archive(segment);
    stage.cluster.primary("demo-2");
    var fetched = directory.resolve("fetched");
    stage.s3.faults().delay(Duration.ofSeconds(5));

    var cutOff =
        InstanceManager.failureOf(() -> stage.manager.restore(TestInstance.SEGMENT, fetched));
    stage.manager.restore(TestInstance.SEGMENT, fetched);

    assertThat(cutOff).contains("UNAVAILABLE").contains("[deadline]").contains("10 s");
    assertThat(fetched).hasSameBinaryContentAs(segment);
  }

  @Test
  void aPromotionWithoutItsStoreTakesOneBudgetAndSaysWhatMayBeMissingOnceItIsTrue()
      throws Exception {
    stage.applyStanza("main", stage.oneRepository());
    stage.allowSlowStorage();
    stage.manager.archive(stage.segment(TestInstance.SEGMENT));
    stage.cluster.currentPrimary("demo-2").targetPrimary("demo-1");
    stage.s3.faults().holdWhere(_ -> true);

    var begin = System.nanoTime();
    var first = CompletableFuture.supplyAsync(() -> restoreFailure("000000010000000000000002"));
    Eventually.until("the wait is told", () -> !events("PromotionWaits").isEmpty());
    assertThat(seconds(begin)).isLessThan(9);
    assertThat(first.get()).contains("UNAVAILABLE").contains("was ended");
    assertThat(restoreFailure("00000002.history"))
        .contains(
            "UNAVAILABLE: the promotion no longer waits, nor does it for WAL file '00000002.history'");
    assertThat(restoreFailure(TestInstance.SEGMENT)).contains("no longer waits");
    assertThat(seconds(begin)).isBetween(14L, 24L);

    assertThat(events("PromotionWaits"))
        .singleElement()
        .asString()
        .startsWith(
            "pod 'demo-1' becomes primary as soon as the stanza 'main' reports whether it has WAL "
                + "file '000000010000000000000002', at the latest in 1")
        .contains("s (parameter 'promotionTimeout' of the plugin in the Cluster): ");
    // Not yet: PostgreSQL is no primary.
    Thread.sleep(2000);
    assertThat(events("PromotedWithoutWAL")).isEmpty();
    stage.postgres.start();
    Eventually.until("the promotion is told", () -> !events("PromotedWithoutWAL").isEmpty());
    assertThat(events("PromotedWithoutWAL"))
        .singleElement()
        .asString()
        .startsWith(
            "pod 'demo-1' became primary without WAL file '000000010000000000000002' of stanza 'main', which could not be"
                + " fetched. If the archive has it, everything written from that file on is "
                + "missing in this cluster, and can be recovered by a restore from that stanza into another cluster: ");
  }

  @Test
  void aStandbyThatWaitsForItsStoreWhenItIsPromotedAnswersInSeconds() throws Exception {
    stage.applyStanza("main", stage.oneRepository());
    stage.allowSlowStorage();
    stage.manager.archive(stage.segment(TestInstance.SEGMENT));
    stage.cluster.primary("demo-2");
    stage.s3.faults().holdWhere(_ -> true);
    // What pg_ctl promote writes.
    Files.createFile(stage.pod.pgData().resolve("promote"));

    var begin = System.nanoTime();
    assertThat(restoreFailure("000000010000000000000002"))
        .contains("UNAVAILABLE")
        .contains("nothing of the file arrived for 2 s and was ended");

    assertThat(seconds(begin)).isLessThan(9);
  }

  @Test
  void aPromotionThatMayNotAskTheArchiveSaysSo() throws Exception {
    stage.applyStanza("main", stage.oneRepository());
    stage.manager.archive(stage.segment(TestInstance.SEGMENT));
    stage.applySecret("a-key-that-is-wrong");
    stage.cluster.currentPrimary("demo-2").targetPrimary("demo-1");

    Eventually.until(
        "the key is known to be wrong",
        () -> restoreFailure("000000010000000000000002").contains("403"));
    stage.postgres.start();
    Eventually.until(
        "the promotion is told",
        () ->
            events("PromotedWithoutWAL").stream()
                .anyMatch(words -> words.contains("SignatureDoesNotMatch")));
  }

  private List<String> events(String reason) {
    return new UserView(stage.api).events("Cluster", reason);
  }

  private static long seconds(long begin) {
    return Duration.ofNanos(System.nanoTime() - begin).toSeconds();
  }

  @Test
  void aReplicaClusterThatCannotPassAHoleSaysSo() throws Exception {
    stage.applyStanza("main", stage.oneRepository());
    stage.manager.archive(stage.segment(TestInstance.SEGMENT));
    stage.keepHouse();
    stage.cluster.replica(true);

    // However often it is asked for: nothing is after it.
    for (var times = 0; times < 5; times++) {
      assertThat(restoreFailure("000000010000000000000002")).contains("NOT_FOUND");
      Thread.sleep(1000);
    }
    assertThat(new UserView(stage.api).events("Cluster", "RecoveryWaits")).isEmpty();

    stage.cluster.replica(false);
    stage.manager.archive(stage.segment("000000010000000000000003"));
    stage.cluster.replica(true);
    Eventually.until(
        "the hole is told",
        () -> {
          assertThat(restoreFailure("000000010000000000000002")).contains("NOT_FOUND");
          return new UserView(stage.api)
              .events("Cluster", "RecoveryWaits")
              .contains(
                  "recovery waits for WAL file '000000010000000000000002', which is in no repository of stanza 'main',"
                      + " but later WAL is ('000000010000000000000003'): this cluster cannot "
                      + "follow further. Restore that file in the repository, or create the cluster again from a later backup");
        });
  }

  private String restoreFailure(String segment) {
    return String.valueOf(
        InstanceManager.failureOf(
            () -> stage.manager.restore(segment, directory.resolve("fetched"))));
  }

  @Test
  void theFirstWriteRecordsTheOwnerAndRemovesTheMarker() throws IOException {
    stage.applyStanza("main", stage.oneRepository());
    stage.manager.markNewCluster();
    stage.manager.archive(stage.segment(TestInstance.SEGMENT));

    var owner =
        stage
            .api
            .get("stanzas", "default", "main")
            .orElseThrow()
            .getAsJsonObject("status")
            .getAsJsonObject("owner");
    assertThat(owner.get("cluster").getAsString()).isEqualTo("demo");
    assertThat(owner.get("uid").getAsString()).isEqualTo(stage.cluster.uid());
    assertThat(stage.manager.emptyArchiveMarker()).doesNotExist();
  }

  @Test
  void nothingIsWrittenWhereOthersKeepTheOwnerFromBeingRecorded() throws IOException {
    stage.applyStanza("main", stage.oneRepository());
    var segment = stage.segment(TestInstance.SEGMENT);
    stage.api.fail("/stanzas/main/status", 409, 5);

    var failure = InstanceManager.failureOf(() -> stage.manager.archive(segment));

    assertThat(failure)
        .contains("UNAVAILABLE")
        .contains("the owner of stanza 'main' cannot be recorded in its status");
    assertThat(stage.s3.keys("one")).isEmpty();
    stage.manager.archive(segment);
    assertThat(wal(stage.s3.keys("one"))).hasSize(1);
  }

  @Test
  void aStanzaThatIsNotThereIsNamedWithTheRemedy() throws IOException {
    var segment = stage.segment(TestInstance.SEGMENT);

    assertThat(InstanceManager.failureOf(() -> stage.manager.archive(segment)))
        .contains(
            "there is no Stanza 'main' in namespace 'default'; create it, or correct 'stanzaRef' in the Cluster");
  }

  private static List<String> wal(List<String> keys) {
    return keys.stream().filter(key -> key.matches(".*/0000000100000000/[0-9A-F]{24}-.*")).toList();
  }
}
