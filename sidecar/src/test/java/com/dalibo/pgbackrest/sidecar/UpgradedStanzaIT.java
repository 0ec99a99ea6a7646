package com.dalibo.pgbackrest.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.testbed.postgres.Postgres;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The archives of two major versions in one stanza, each with timelines of its own. Rows 1 to 3
/// are of the older version: a backup in the second repository after row 1, and a failover to
/// timeline 2 before row 2. Rows 4 to 6 are of the newer one, which is archived and backed up in
/// the first repository only: a backup after row 4, and two failovers before row 5.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class UpgradedStanzaIT {
  @TempDir static Path directory;
  private TestCluster datacenter;
  private PlanLab lab;
  private String older;
  private String newer;

  @BeforeAll
  void aHistory() throws Exception {
    datacenter = new TestCluster(directory, "one", "two");
    var one = datacenter.repository("one", "/u");
    var two = datacenter.repository("two", "/u");
    lab = new PlanLab(datacenter, "u", PlanLab.OLDER, one, two);
    lab.insert();
    older = lab.backup("full", 2);
    // Only the next second is surely after it.
    Thread.sleep(1100);
    lab.failOver(Postgres.Stop.FAST);
    lab.insert();
    lab.archive();
    lab.insert();
    lab.archive();
    datacenter.stanza("u", "options: {io-timeout: \"3s\"},", one);
    lab.upgrade();
    lab.insert();
    newer = lab.backup("full", 1);
    Thread.sleep(1100);
    lab.failOver(Postgres.Stop.FAST);
    lab.failOver(Postgres.Stop.FAST);
    lab.insert();
    lab.archive();
    lab.insert();
    lab.archive();
    lab.stop();
    datacenter.stanza("u", "options: {io-timeout: \"3s\"},", one, two);
  }

  @AfterAll
  void end() {
    lab.close();
    datacenter.close();
  }

  private String timeOf(int row) {
    return "targetTime: '%s'".formatted(lab.rows.get(row - 1).committed());
  }

  @Test
  void aTimeBeforeTheUpgradeIsReachedOnTheTimelinesOfTheOlderVersion() throws Exception {
    var plan = lab.plan("", timeOf(2));

    assertThat(PlanLab.words(plan)).startsWith("True PlanPossible ");
    assertThat(plan.backup().label()).isEqualTo(older);
    assertThat(plan.timelines()).containsExactly(1, 2);
    assertThat(plan.ends().time()).isEqualTo(lab.rows.get(1).committed().toString());
    assertThat(lab.restore(timeOf(2), PlanLab.OLDER).rows()).contains("1,2");
  }

  @Test
  void aTimelineIsThatOfTheBackupsOwnArchive() throws Exception {
    var target = timeOf(2) + ", targetTLI: '2'";

    assertThat(PlanLab.words(lab.plan("", target))).startsWith("True PlanPossible ");
    assertThat(lab.restore(target, PlanLab.OLDER).rows()).contains("1,2");
    assertThat(PlanLab.words(lab.plan("", timeOf(2) + ", targetTLI: '3', backupID: " + older)))
        .startsWith("False TargetOffTimeline ")
        .contains("the archive has no history of timeline 3; choose a timeline it has: [1, 2]");
    var current = lab.plan("", timeOf(5) + ", targetTLI: '3'");
    assertThat(PlanLab.words(current)).startsWith("True PlanPossible ");
    assertThat(current.backup().label()).isEqualTo(newer);
  }

  @Test
  void whatTheStatusKnowsOfTheNewerVersionSaysNothingOfTheOlder() throws Exception {
    var future = Instant.now().plus(Duration.ofMinutes(1));
    datacenter.api.apply(
        """
        {apiVersion: pgbackrest.dalibo.com/v1, kind: Stanza, metadata: {name: u},
         status: {latestRestorableTime: '%s',
                  repositories: [{index: 1, archiveMax: '000000010000000000000001'}]}}
        """
            .formatted(future));
    var target = "backupID: %s, targetTime: '%s'".formatted(older, future.minusSeconds(30));

    assertThat(PlanLab.words(lab.plan("", target))).startsWith("False TargetBeyondArchive ");
    var truth = lab.restore(target, PlanLab.OLDER);
    assertThat(truth.rows()).isEmpty();
    assertThat(truth.failure()).contains("the recovery cannot reach time ");
  }

  @Test
  void aTimeBeforeTheBackupsOfTheClusterIsBeforeABackupAlsoWhereEarlierVersionsHaveSome()
      throws Exception {
    try (var single =
        new PlanLab(datacenter, "s", PlanLab.OLDER, datacenter.repository("one", "/s"))) {
      single.insert();
      var before = single.backup("full", 1);
      Thread.sleep(1100);
      var row = single.insert();
      single.insert();
      single.archive();
      single.upgrade();
      single.insert();
      var after = single.backup("full", 1);
      single.stop();
      var target = "targetTime: '%s'".formatted(row.committed());

      assertThat(PlanLab.words(single.plan("", target)))
          .startsWith("False TargetBeforeBackup no backup of stanza 's' leads to time ")
          .contains("backup '" + after + "' ended at ")
          .contains(
              "; backup '%s' of an earlier version of the cluster ended before it: name it in backupID to recover from that"
                  .formatted(before));
      assertThat(
              PlanLab.words(
                  single.plan(
                      "", "targetTime: '%s'".formatted(row.committed().minusSeconds(3600)))))
          .startsWith("False TargetBeforeBackup ")
          .doesNotContain("earlier version");
      assertThat(PlanLab.words(single.plan("", target + ", backupID: " + before)))
          .startsWith("True PlanPossible ");
    }
  }
}
