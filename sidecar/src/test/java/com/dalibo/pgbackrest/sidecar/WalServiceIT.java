package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.testbed.cnpg.InstanceManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// WAL files on their way to the repositories, and back.
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
