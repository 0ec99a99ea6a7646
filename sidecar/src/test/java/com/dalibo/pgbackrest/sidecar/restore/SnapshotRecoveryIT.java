package com.dalibo.pgbackrest.sidecar.restore;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.sidecar.Eventually;
import com.dalibo.pgbackrest.sidecar.TestInstance;
import com.dalibo.pgbackrest.stanza.api.reason.RestoreReason;
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

/// The recovery of a new cluster whose data came from volume snapshots: only WAL is asked for, by a
/// `restore_command` of CNPG's that takes every failure for the end of WAL.
class SnapshotRecoveryIT {
  private static final String FROM_SNAPSHOTS =
      """
        bootstrap:
          recovery:
            source: origin
            volumeSnapshots: {storage: {name: first, kind: VolumeSnapshot}}
        externalClusters:
          - name: origin
            plugin: {name: pgbackrest.dalibo.com, parameters: {stanzaRef: origin}}
      """;

  @TempDir private Path directory;
  @AutoClose private TestInstance stage;
  private Path segment;

  @BeforeEach
  void archiveASegment() throws IOException {
    stage = new TestInstance(directory, TestInstance.archiving() + FROM_SNAPSHOTS);
    stage.applyStanza("main", stage.oneRepository());
    segment = stage.segment(TestInstance.SEGMENT);
    stage.manager.archive(segment);
    stage.cluster.primary("");
  }

  @Test
  void waitsForAStanzaThatIsNotThere() throws Exception {
    waitsUntilItIsPutRight("there is no Stanza 'origin' in namespace 'default'");
  }

  @Test
  void waitsWhereNobodyHasArchived() throws Exception {
    stage.applyStanza("origin", stage.repository(stage.s3, "two"));

    waitsUntilItIsPutRight("has no stanza 'main' to recover from; correct repoPath");
  }

  /// CNPG writes the file before each start of PostgreSQL, on the volumes that came from the
  /// snapshots.
  @Test
  void theThirdTryOnTheSameVolumesReportsTheTwoBeforeIt() throws Exception {
    for (var tries = 1; tries < 3; tries++) {
      stage.recoverFromSnapshots();
      beginRecovery();
      Eventually.until("it is counted", this::isCounted);
    }
    assertThat(repeated()).isEmpty();

    stage.recoverFromSnapshots();
    beginRecovery();
    Eventually.until("it is reported", () -> !repeated().isEmpty());
    assertThat(repeated())
        .singleElement()
        .asString()
        .startsWith(
            "the recovery of cluster 'demo' from volume snapshots was not completed in 2 tries, and continues on the same volumes.")
        .contains(" demo-1 --container bootstrap-instance --previous | grep -E ");
  }

  private Path signal() {
    return segment.resolveSibling("../recovery.signal").normalize();
  }

  private void beginRecovery() throws IOException {
    Files.write(signal(), new byte[0]);
  }

  private boolean isCounted() throws IOException {
    var counted = signal().resolveSibling("pgbackrest-plugin.tries");
    return Files.exists(counted)
        && Files.readString(counted)
            .replace("\\", "")
            .contains("seen=" + Files.getLastModifiedTime(signal()));
  }

  private List<String> repeated() {
    return stage.api.events().stream()
        .filter(
            event ->
                event.get("reason").getAsString().equals(RestoreReason.RECOVERY_REPEATED.word()))
        .map(event -> event.get("message").getAsString())
        .toList();
  }

  private void waitsUntilItIsPutRight(String told) throws Exception {
    var fetched = directory.resolve("fetched");

    var recovery =
        CompletableFuture.runAsync(() -> stage.manager.restore(TestInstance.SEGMENT, fetched));
    Eventually.until("it is told", () -> stage.api.events().toString().contains(told));
    stage.applyStanza("origin", stage.oneRepository());

    recovery.get(60, TimeUnit.SECONDS);
    assertThat(fetched).hasSameBinaryContentAs(segment);
  }
}
