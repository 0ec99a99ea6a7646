package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.testbed.cnpg.ClusterDefinition;
import com.dalibo.pgbackrest.testbed.postgres.Postgres;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a plan says is what the restore does. Rows 1 and 2 are on timeline 1, around a backup; 3 is
/// before a gap and 4 behind it; 5, after a failover and a second backup, is on timeline 2.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class PlanIT {
  @TempDir static Path directory;
  private TestCluster datacenter;
  private PlanLab lab;
  private Instant before;
  private String first;
  private String second;
  private String gap;

  @BeforeAll
  void aHistory() throws Exception {
    datacenter = new TestCluster(directory, "one");
    lab = new PlanLab(datacenter, "h", datacenter.repository("one", "/h", "name: minio,"));
    before = Instant.now();
    lab.insert();
    first = lab.backup("full", 1);
    // Only the next second is surely after it.
    Thread.sleep(1100);
    lab.insert();
    lab.restorePoint("point");
    lab.insert();
    lab.archive();
    gap = lab.archive();
    lab.insert();
    lab.archive();
    lab.failOver(Postgres.Stop.FAST);
    second = lab.backup("incr", 1);
    Thread.sleep(1100);
    lab.insert();
    lab.archive();
    lab.stop();
    lab.lose("one", gap);
  }

  @AfterAll
  void end() {
    lab.close();
    datacenter.close();
  }

  @Test
  void theEndOfTheArchiveIsReachedFromTheNewestBackup() throws Exception {
    var plan = lab.plan("clusterName: restored, storage: {size: 3Gi, walSize: 1Gi},", "");

    assertThat(PlanLab.words(plan)).startsWith("True PlanPossible ");
    assertThat(plan.request()).isEqualTo("asked");
    assertThat(plan.observedGeneration()).isEqualTo(1);
    assertThat(plan.backup().label()).isEqualTo(second);
    assertThat(plan.backup().repositoryName()).isEqualTo("minio");
    assertThat(plan.timelines()).containsExactly(2);
    assertThat(plan.ends().time()).isEqualTo(lab.rows.get(4).committed().toString());
    assertThat(plan.wal().gaps()).isEmpty();
    assertThat(plan.bytes().write()).isPositive();
    assertThat(plan.manifest())
        .contains("name: restored\n", "size: \"3Gi\"", "stanzaRef: h\n", "imageName: ");

    var cluster = ClusterDefinition.of(plan.manifest());
    assertThat(lab.restore(cluster, 1).rows()).contains("1,2,3,4,5");
  }

  /// CNPG refuses a Cluster that has this target and no backup.
  @Test
  void theManifestForTheEndOfABackupNamesTheBackup() throws Exception {
    var plan = lab.plan("", "targetImmediate: true");

    assertThat(PlanLab.words(plan)).startsWith("True PlanPossible ");
    assertThat(plan.manifest()).containsPattern("backupID: \"?%s\"?\n".formatted(second));
    assertThat(lab.restore(ClusterDefinition.of(plan.manifest()), 1).rows()).contains("1,2,3,4");
  }

  @Test
  void aTimeBeforeTheGapIsReachedAndTheVeryRowIsKnown() throws Exception {
    var target = "targetTime: '%s'".formatted(lab.rows.get(1).committed());
    var plan = lab.plan("", target);

    assertThat(PlanLab.words(plan)).startsWith("True PlanPossible ");
    assertThat(plan.backup().label()).isEqualTo(first);
    assertThat(plan.backup().passedOver()).singleElement().asString().contains(second);
    assertThat(plan.ends().time()).isEqualTo(lab.rows.get(1).committed().toString());
    assertThat(plan.wal().gaps()).containsExactly(gap);
    assertThat(lab.restoreOnce(target).rows()).contains("1,2");
  }

  @Test
  void aTimeInTheGapIsNotReachedAndItsNeighboursAre() throws Exception {
    var target = "targetTime: '%s'".formatted(lab.rows.get(3).committed());
    var plan = lab.plan("", target);

    assertThat(PlanLab.words(plan))
        .startsWith("False TargetInGap recovery from backup '" + first)
        .contains("WAL segment '" + gap + "' is in no repository of stanza 'h'");
    var nearest = plan.nearest();
    assertThat(Instant.parse(nearest.before())).isBefore(lab.rows.get(2).committed());
    assertThat(Instant.parse(nearest.after())).isAfter(lab.rows.get(3).committed());
    assertThat(lab.restoreOnce(target).rows()).isEmpty();
    assertThat(lab.restoreOnce("targetTime: '%s'".formatted(nearest.before())).rows())
        .contains("1,2");
  }

  @Test
  void whatCannotBeReachedHasANameAndARemedy() throws Exception {
    assertThat(PlanLab.words(lab.plan("", "targetTime: '%s'".formatted(before))))
        .startsWith("False TargetBeforeBackup no backup of stanza 'h' leads to time ");
    assertThat(PlanLab.words(lab.plan("", "targetTime: '2099-01-01T00:00:00Z'")))
        .startsWith("False TargetBeyondArchive the recovery cannot reach time 2099-01-01");
    assertThat(PlanLab.words(lab.plan("", "targetTLI: '7'")))
        .startsWith("False TargetOffTimeline ")
        .contains("the archive has no history of timeline 7");
    assertThat(PlanLab.words(lab.plan("postgresMajor: 14,", "")))
        .startsWith("False PostgresMajorDiffers backup '" + second);
    assertThat(PlanLab.words(lab.plan("", "targetTime: 'noon'")))
        .startsWith("False PlanInvalid recoveryTarget.targetTime: 'noon' is not a time");
    assertThat(PlanLab.words(lab.plan("", "targetName: point")))
        .startsWith("False PlanInvalid ")
        .contains("name the backup to start from");
    assertThat(PlanLab.words(lab.plan("repository: other,", "")))
        .startsWith("False PlanInvalid the stanza 'h' has no repository 'other'");
    assertThat(PlanLab.words(lab.plan("storage: {size: 1Mi},", "")))
        .startsWith("False PlanInvalid backup '" + second)
        .contains("make storage.size ");
    assertThat(
            PlanLab.words(PlanLab.plan(datacenter, directory.resolve("none"), "nowhere", "", "")))
        .startsWith("False StanzaMissing there is no Stanza 'nowhere'");
  }

  @Test
  void aRestorePointAndATransactionAreFoundInTheWal() throws Exception {
    var point = "targetName: point, backupID: " + first;
    assertThat(PlanLab.words(lab.plan("", point))).startsWith("True PlanPossible ");
    assertThat(lab.restoreOnce(point).rows()).contains("1,2");
    var lost = "targetXID: '%s', backupID: %s".formatted(lab.rows.get(3).xid(), first);
    assertThat(PlanLab.words(lab.plan("", lost))).startsWith("False TargetNotFound ");
    assertThat(
            PlanLab.words(
                lab.plan("repository: minio,", "targetLSN: " + lab.rows.get(1).position())))
        .startsWith("True PlanPossible ");
  }

  @Test
  void aStoreThatDoesNotAnswerLeavesItUnknown() throws Exception {
    datacenter.secret("keys", "key: nobody, secret: nothing");
    try {
      var plan = lab.plan("", "");

      assertThat(PlanLab.words(plan))
          .startsWith("Unknown RepositoryUnreachable no repository of stanza 'h' can be read")
          .contains("InvalidAccessKeyId");
    } finally {
      datacenter.giveKeys();
    }
  }
}
