package com.dalibo.pgbackrest.sidecar.restore;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.sidecar.walrestore.RecoveryRecord;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RepeatedRecoveryTest {
  private static final Cluster CLUSTER =
      Cluster.parse(
          "{\"metadata\": {\"name\": \"new\", \"namespace\": \"n\"}}"
              .getBytes(StandardCharsets.UTF_8));

  @Test
  void oneFailureIsNotReported() {
    for (var begun = 0; begun < 2; begun++) {
      assertThat(RepeatedRecovery.words(CLUSTER, begun(begun), "new-1-full-recovery", false))
          .isEmpty();
    }
  }

  @Test
  void moreAreReportedWithTheCommandThatShowsTheCauseAndTheRemedy() {
    assertThat(RepeatedRecovery.words(CLUSTER, begun(3), "new-1-full-recovery", false))
        .contains(
            "the recovery of cluster 'new' was not completed in 3 tries, and continues with backup"
                + " '20261128-072259F'. The cause is in the log of PostgreSQL: kubectl logs --namespace n"
                + " --selector job-name=new-1-full-recovery --container full-recovery --tail=-1 --ignore-errors"
                + " | grep -E 'FATAL|PANIC' | grep -v 57P03. Correct what it names, such as an extension that"
                + " the image or shared_preload_libraries lacks, a parameter or a full volume; the next"
                + " try reads the Cluster again. If the data is damaged, recover from another backup"
                + " (recoveryTarget.backupID). If the log has neither word, read all of it: the pod was killed, or"
                + " CNPG failed after the recovery");
    assertThat(RepeatedRecovery.words(CLUSTER, begun(2), "new-1", true).orElseThrow())
        .contains("not completed in 2 tries")
        .contains(
            "kubectl logs --namespace n new-1 --container bootstrap-instance --previous | grep");
  }

  @Test
  void fromSnapshotsTheRemedyIsAnotherSnapshot() {
    assertThat(RepeatedRecovery.words(CLUSTER, 1, "new-1-snapshot-recovery", false)).isEmpty();
    assertThat(RepeatedRecovery.words(CLUSTER, 2, "new-1-snapshot-recovery", false))
        .contains(
            "the recovery of cluster 'new' from volume snapshots was not completed in 2 tries, and"
                + " continues on the same volumes. The cause is in the log of PostgreSQL: kubectl logs"
                + " --namespace n --selector job-name=new-1-snapshot-recovery --container"
                + " snapshot-recovery --tail=-1 --ignore-errors | grep -E 'FATAL|PANIC' | grep -v 57P03."
                + " Correct what it names, such as an extension that the image or"
                + " shared_preload_libraries lacks, a parameter or a full volume; the next try reads"
                + " the Cluster again. If the data is damaged, create the cluster from another"
                + " snapshot. If the log has neither word, read all of it: the pod was killed, or CNPG"
                + " failed after the recovery");
  }

  /// An event has 1024 characters.
  @Test
  void theLongestNamesFit() {
    var name = "n".repeat(50);
    var cluster =
        Cluster.parse(
            "{\"metadata\": {\"name\": \"%s\", \"namespace\": \"%s\"}}"
                .formatted(name, "n".repeat(63))
                .getBytes(StandardCharsets.UTF_8));

    assertThat(
            RepeatedRecovery.words(cluster, begun(100), name + "-1-full-recovery", false)
                .orElseThrow())
        .hasSizeLessThan(1024);
  }

  private static RecoveryRecord begun(int begun) {
    return new RecoveryRecord(
        new RecoveryRecord.Aim("uid-1", "main", "20261128-072259F", "way", "target"),
        new RecoveryRecord.End("", 0, ""),
        new RecoveryRecord.Tries(0, begun));
  }
}
