package com.dalibo.pgbackrest.operator.drill;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Phase;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Result;
import com.dalibo.pgbackrest.stanza.api.reason.RestoreReason;
import com.dalibo.pgbackrest.stanza.contract.MissingWal;
import com.dalibo.pgbackrest.stanza.contract.RecoveryWait;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What a run of a drill has shown.
class DrillVerdictTest {

  @AutoClose private final DrillStage stage = new DrillStage();

  @Test
  void whatTheRestoreReportsFailsTheDrill() {
    stage.drill(DrillStage.CHECKED);
    stage.follow();
    stage.start("drill-nightly-20261129-025930");
    stage.event(
        "drill-nightly-20261129-025930",
        "Warning",
        "RestoreFailed",
        "backup '20261128-030000F' of repository 1 cannot be restored: pgBackRest error [029]");
    stage.follow();
    stage.follow();

    assertThat(stage.run().status().result()).isEqualTo(Result.FAILED);
    assertThat(stage.conditions())
        .containsExactly("Proven=False DrillRestoreFailed", "Missed=False DrillTookPlace");
    assertThat(stage.message("Proven")).contains("cannot be restored: pgBackRest error [029]");
    assertThat(stage.clusters()).isEmpty();
  }

  /// As after two evictions of the pod: the third try may be the one that is completed.
  @Test
  void aRecoveryThatIsRepeatedIsNoFailureOfTheDrill() {
    stage.drill(DrillStage.CHECKED);
    stage.follow();
    stage.start("drill-nightly-20261129-025930");
    stage.event(
        "drill-nightly-20261129-025930",
        "Warning",
        RestoreReason.RECOVERY_REPEATED.word(),
        "the recovery of cluster 'drill-nightly-20261129-025930' was not completed in 2 tries");
    stage.follow();

    assertThat(stage.run().status().result()).isNull();
    assertThat(stage.run().status().message())
        .endsWith(
            "; last warning: RecoveryRepeated: the recovery of cluster 'drill-nightly-20261129-025930' was not completed in 2 tries");

    stage.whole();
    assertThat(stage.conditions())
        .containsExactly("Proven=True DrillSucceeded", "Missed=False DrillTookPlace");
  }

  @Test
  void aGapFailsTheDrillAtOnceAndAHiccupDoesNot() {
    stage.drill(DrillStage.CHECKED);
    stage.follow();
    stage.start("drill-nightly-20261129-025930");
    stage.event("drill-nightly-20261129-025930", "Warning", "RecoveryWaits", "the store is away");
    stage.follow();
    assertThat(stage.run().status().result()).isNull();

    stage.event(
        "drill-nightly-20261129-025930",
        "Warning",
        "RecoveryWaits",
        "recovery waits for WAL file '000000010000000000000007' of stanza 'main' and goes on when it can be fetched: it "
            + MissingWal.words("", "000000010000000000000008")
            + ", so recovery would end early");
    stage.follow();

    assertThat(stage.run().status().result()).isEqualTo(Result.FAILED);
    assertThat(stage.run().status().reason()).isEqualTo("DrillRestoreFailed");
  }

  @Test
  void damagedWalFailsTheDrillAtOnce() {
    stage.drill(DrillStage.CHECKED);
    stage.follow();
    stage.start("drill-nightly-20261129-025930");
    var damaged = MissingWal.damaged("000000010000000000000007", "1 (near)", "main", true);
    stage.event(
        "drill-nightly-20261129-025930",
        "Warning",
        "RecoveryWaits",
        RecoveryWait.words("000000010000000000000007", "main", damaged));
    stage.follow();

    assertThat(stage.run().status().result()).isEqualTo(Result.FAILED);
    assertThat(stage.run().status().message())
        .contains(
            "WAL file '000000010000000000000007' is damaged in repository 1 (near) of stanza 'main'");
  }

  /// A recovery may take hours, and a store may answer late once.
  @Test
  void aHiccupThatIsLongOverDoesNotFailTheDrill() {
    stage.drill(DrillStage.CHECKED);
    stage.follow();
    stage.start("drill-nightly-20261129-025930");
    waits("000000010000000000000007");
    stage.clock.advance(Duration.ofMinutes(11));
    stage.follow();
    assertThat(stage.run().status().result()).isNull();

    waits("000000010000000000000009");
    stage.follow();
    assertThat(stage.run().status().result()).isNull();

    stage.clock.advance(Duration.ofMinutes(10));
    waits("000000010000000000000009");
    stage.follow();
    assertThat(stage.run().status().result()).isEqualTo(Result.FAILED);
    assertThat(stage.run().status().reason()).isEqualTo("DrillRestoreFailed");
  }

  private void waits(String walFile) {
    stage.event(
        "drill-nightly-20261129-025930",
        "Warning",
        "RecoveryWaits",
        RecoveryWait.words(walFile, "main", "the store is away"));
  }

  @Test
  void aCheckThatIsNotTrueFailsTheDrillAndTheClusterIsKept() {
    stage.drill(DrillStage.CHECKED + ", keep: {failed: 1h}");
    stage.answer =
        "{\"postgres\": \"17.6\", \"size\": 1, \"checks\": [{\"passed\": false, \"answer\": \"ERROR:  relation \\\"orders\\\" does not exist\"}], \"pages\": {\"passed\": true, \"read\": 1, \"checksums\": true}}";

    stage.whole();

    assertThat(stage.message("Proven"))
        .isEqualTo(
            "run 'nightly-20261129-025930': the check 'orders' was not true in database 'app': it answered 'ERROR:  relation \"orders\" does not exist'; correct the query, or look for the data in the Cluster (spec.keep.failed)");
    assertThat(stage.clusters()).hasSize(1);
    assertThat(stage.run().status().keptUntil()).isNotNull();

    stage.clock.advance(Duration.ofHours(1));
    stage.whole();
    assertThat(stage.clusters()).isEmpty();
    assertThat(stage.run().status().phase()).isEqualTo(Phase.ENDED);
    assertThat(stage.drill().status().counts().failed()).isEqualTo(1);
  }

  @Test
  void damagedPagesFailTheDrill() {
    stage.drill(DrillStage.CHECKED);
    stage.answer =
        "{\"postgres\": \"17.6\", \"size\": 1, \"checks\": [{\"passed\": true}], \"pages\": {\"passed\": false, \"read\": 1, \"checksums\": true, \"answer\": \"invalid page in block 7\"}}";

    stage.whole();

    assertThat(stage.conditions()).contains("Proven=False DrillPagesDamaged");
    assertThat(stage.message("Proven")).contains("invalid page in block 7");
  }

  @Test
  void aRunThatDoesNotEndIsStopped() {
    stage.drill(DrillStage.CHECKED + ", timeout: 30m");
    stage.follow();
    stage.start("drill-nightly-20261129-025930");
    stage.follow();
    stage.clock.advance(Duration.ofMinutes(31));
    stage.whole();

    assertThat(stage.conditions()).contains("Proven=False DrillTimedOut");
    assertThat(stage.message("Proven"))
        .contains("after the timeout of 30 minutes the Cluster is not restored yet")
        .endsWith("raise spec.timeout of the RestoreDrill 'nightly'");
    assertThat(stage.clusters()).isEmpty();
  }

  @Test
  void aClusterThatSomebodyRemovesIsNoSuccess() {
    stage.drill(DrillStage.CHECKED);
    stage.follow();
    stage.follow();
    stage.api.delete("clusters", "default", DrillStage.NAME);
    stage.whole();

    assertThat(stage.conditions()).contains("Proven=False DrillClusterLost");
  }

  @Test
  void aRepositoryWithoutABackupIsNoProof() {
    stage.inventory.putStanza(
        new ObjectKey("default", "main"),
        "{\"metadata\":{\"name\":\"main\",\"namespace\":\"default\"},\"spec\":{\"stanzaConfiguration\":{\"name\":\"main\",\"volumeRepositories\":[{\"claimName\":\"a\",\"repoPath\":\"/a\"}]}}}");
    stage.drill(DrillStage.CHECKED);
    stage.follow();
    stage.clock.advance(Duration.ofMinutes(2));
    stage.follow();
    stage.follow();

    assertThat(stage.conditions()).contains("Proven=False DrillNothingToRestore");
    assertThat(stage.message("Proven")).endsWith("create a Backup with selectedRepository: \"1\"");
    assertThat(stage.clusters()).isEmpty();
  }

  /// The run of one repository proves nothing about another.
  @Test
  void aRepositoryThatFailedIsNotProvenByAnother() {
    stage.drill("schedule: '0 */10 * * * *'");
    stage.answer = "{\"postgres\": \"17.6\", \"size\": 1000, \"checks\": []}";
    stage.follow();
    at("2026-11-29T03:00:05Z");
    stage.whole();
    assertThat(stage.conditions()).contains("Proven=True DrillSucceeded");

    at("2026-11-29T03:10:05Z");
    stage.follow();
    stage.start("drill-nightly-20261129-031000");
    stage.event("drill-nightly-20261129-031000", "Warning", "RestoreFailed", "a file is damaged");
    stage.whole();
    assertThat(stage.runs().getLast().spec().repository()).isEqualTo(2);
    assertThat(stage.conditions()).contains("Proven=False DrillRestoreFailed");

    at("2026-11-29T03:20:05Z");
    stage.whole();
    assertThat(stage.runs().getLast().status().result()).isEqualTo(Result.SUCCEEDED);
    assertThat(stage.conditions()).contains("Proven=False DrillRestoreFailed");
    assertThat(stage.message("Proven"))
        .isEqualTo("run 'nightly-20261129-031000': a file is damaged");

    at("2026-11-29T03:30:05Z");
    stage.whole();
    assertThat(stage.conditions()).contains("Proven=True DrillSucceeded");
  }

  private void at(String moment) {
    stage.clock.advance(Duration.between(stage.clock.instant(), Instant.parse(moment)));
  }

  /// A drill that was removed and created again with the same request has the names of the first.
  @Test
  void whatHappenedToAFormerClusterOfThatNameIsNotItsFailure() {
    stage.event(
        DrillStage.NAME,
        "old",
        "Warning",
        "RestoreFailed",
        "there is no stanza 'main' in the repository");
    stage.drill(DrillStage.CHECKED);
    stage.whole();

    assertThat(stage.conditions()).contains("Proven=True DrillSucceeded");
  }
}
