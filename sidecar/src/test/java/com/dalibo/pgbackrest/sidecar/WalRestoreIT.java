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

/// WAL files that PostgreSQL asks for and that cannot be fetched, or not at once.
class WalRestoreIT {

  @TempDir private Path directory;
  @AutoClose private TestInstance stage;

  @BeforeEach
  void begin() throws IOException {
    stage = new TestInstance(directory, TestInstance.archiving());
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
    assertThat(seconds(begin)).isLessThan(14);
    assertThat(first.get()).contains("UNAVAILABLE").contains("was ended");
    assertThat(restoreFailure("00000002.history"))
        .contains(
            "UNAVAILABLE: the promotion no longer waits, nor does it for WAL file '00000002.history'");
    assertThat(restoreFailure(TestInstance.SEGMENT)).contains("no longer waits");
    assertThat(seconds(begin)).isBetween(14L, 29L);

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

    assertThat(seconds(begin)).isLessThan(14);
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
}
