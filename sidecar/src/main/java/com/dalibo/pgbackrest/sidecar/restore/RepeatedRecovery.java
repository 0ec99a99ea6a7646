package com.dalibo.pgbackrest.sidecar.restore;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.sidecar.walrestore.RecoveryRecord;
import java.util.Optional;

/// Reports a recovery that PostgreSQL, or CNPG after it, has failed to complete more than once. The
/// cause is in the log of their container alone, which the sidecar cannot read, and CNPG tries
/// again whatever it is.
final class RepeatedRecovery {
  /// One may have been the kernel, or a node.
  private static final int ENOUGH = 2;

  private RepeatedRecovery() {}

  /// What to do, before another try.
  ///
  /// @param job the name of the job or, where the pod is the instance's, of the pod
  static Optional<String> words(Cluster cluster, RecoveryRecord record, String job, boolean inPod) {
    return words(
        cluster,
        "the recovery of cluster '%s' was not completed in %d tries, and continues with backup '%s'"
            .formatted(cluster.name(), record.tries().begun(), record.aim().backup()),
        record.tries().begun(),
        log(job, "full-recovery", inPod),
        "recover from another backup (recoveryTarget.backupID)");
  }

  /// That of a recovery from volume snapshots.
  ///
  /// @param begun how many tries there were
  static Optional<String> words(Cluster cluster, int begun, String job, boolean inPod) {
    return words(
        cluster,
        "the recovery of cluster '%s' from volume snapshots was not completed in %d tries, and continues on the same volumes"
            .formatted(cluster.name(), begun),
        begun,
        log(job, "snapshot-recovery", inPod),
        "create the cluster from another snapshot");
  }

  private static Optional<String> words(
      Cluster cluster, String news, int begun, String log, String otherwise) {
    return begun < ENOUGH
        ? Optional.empty()
        : Optional.of(
            ("%s. The cause is in the log of PostgreSQL: kubectl logs --namespace %s %s"
                    + " | grep -E 'FATAL|PANIC' | grep -v 57P03. Correct what it names, such as an extension"
                    + " that the image or shared_preload_libraries lacks, a parameter or a full volume;"
                    + " the next try reads the Cluster again. If the data is damaged, %s. If the log has"
                    + " neither word, read all of it: the pod was killed, or CNPG failed after the recovery")
                .formatted(news, cluster.namespace(), log, otherwise));
  }

  private static String log(String job, String container, boolean inPod) {
    return inPod
        ? job + " --container bootstrap-instance --previous"
        : "--selector job-name=%s --container %s --tail=-1 --ignore-errors"
            .formatted(job, container);
  }
}
