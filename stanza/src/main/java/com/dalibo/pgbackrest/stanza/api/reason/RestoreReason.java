package com.dalibo.pgbackrest.stanza.api.reason;

/// What becomes of the restore of a Cluster, its recovery and its promotion.
@SuppressWarnings("ImmutableEnumChecker")
public enum RestoreReason implements Reason {
  BACKUP_UNUSABLE(
      "BackupUnusable",
      "A newer backup could not be read, so the recovery started from an older one. Of a "
          + "RestorePlan: the backup that leads to the target lacks files or WAL.",
      "Verify the repository.",
      EventOn.CLUSTER,
      ConditionType.POSSIBLE),
  RESTORE_WAITING(
      "RestoreWaiting",
      "The files of the backup cannot be read now. The restore waits and continues by " + "itself.",
      "Correct what the message names.",
      EventOn.CLUSTER),
  BACKUP_COPIED(
      "BackupCopied",
      "The restore has copied its backup, and PostgreSQL replays WAL from now on.",
      "Nothing.",
      EventOn.CLUSTER),
  RESTORE_FAILED(
      "RestoreFailed",
      "The restore failed; the message has the cause. CNPG tries again, in a new job or, since "
          + "1.31, in the same pod ([Cluster operations](life.md#recovery-in-the-instance-pod)).",
      "Correct the cause. If the Cluster asks for something that does not exist "
          + "(target, backup label), correct that and create the Cluster again.",
      EventOn.CLUSTER),
  RECOVERY_TARGET_AT_RISK(
      "RecoveryTargetAtRisk",
      "The recovery target is in the future, has no time zone, or may be after a gap in "
          + "the WAL; or there is a gap between the backup and the latest WAL, at which "
          + "recovery will wait (`RecoveryWaits`); or the recovery ends where a failover left a "
          + "timeline, because the first segment of the next one is not archived yet, or is lost.",
      "Correct `recoveryTarget`.",
      EventOn.CLUSTER),
  RECOVERY_TARGET_UNREACHABLE(
      "RecoveryTargetUnreachable",
      "The archived WAL ends before the recovery target, so PostgreSQL would fail with `recovery"
          + " ended before configured recovery target was reached`. The restore is refused, before"
          + " the backup is copied where that is known then; nothing is copied again.",
      "Set `spec.bootstrap.recovery.recoveryTarget` of the Cluster to what the message names, or "
          + "remove the target to recover everything that is archived. The next try continues with "
          + "what has been copied.",
      EventOn.CLUSTER),
  RECOVERY_WAITS(
      "RecoveryWaits",
      "A WAL file cannot be fetched now. Recovery waits for it and continues by itself; "
          + "it never ends early. From a volume snapshot it also waits for a Stanza or "
          + "repository that is missing.",
      "Correct what the message names. If a segment is in no repository but later ones "
          + "are, restore the segment, or accept with the annotation in the message that "
          + "everything after it is lost.",
      EventOn.CLUSTER),
  RECOVERY_PAUSED(
      "RecoveryPaused",
      "The WAL was written with a larger setting (for example `max_connections`) than the new "
          + "Cluster has, and PostgreSQL waits without end.",
      "Set what the message names in `spec.postgresql.parameters`, and delete the pod that "
          + "recovers.",
      EventOn.CLUSTER),
  RECOVERY_REPEATED(
      "RecoveryRepeated",
      "The recovery was begun at least twice and not completed; the message has the number of "
          + "tries and the command that shows the cause. CNPG tries again, and the next try may "
          + "succeed, as after an eviction of the pod.",
      "Correct the cause: the next try reads the Cluster again.",
      EventOn.CLUSTER),
  PROMOTION_WAITS(
      "PromotionWaits",
      "An instance is to become primary, and the stanza does not answer whether it has more "
          + "WAL.",
      "The promotion continues as soon as it answers, or when `promotionTimeout` is over "
          + "([Cluster operations](life.md)).",
      EventOn.CLUSTER),
  PROMOTED_WITHOUT_WAL(
      "PromotedWithoutWAL",
      "An instance became primary although the stanza did not answer within "
          + "`promotionTimeout`; it has only what it had streamed or fetched before. Nothing is "
          + "lost if it had received everything from the former primary.",
      "To find out, restore from the stanza that the message names into another "
          + "Cluster, and compare.",
      EventOn.CLUSTER),
  HISTORY_NOT_ARCHIVED(
      "HistoryNotArchived",
      "Two instances were promoted to the same timeline; one of them was lost before "
          + "CNPG knew of it, and has returned. The archive keeps what the primary wrote.",
      "Nothing; the instance rejoins by pg_rewind.",
      EventOn.CLUSTER);

  private final Row row;

  RestoreReason(String word, String meaning, String remedy, Place... places) {
    row = new Row(word, meaning, remedy, places);
  }

  @Override
  public Row row() {
    return row;
  }

  @Override
  public String toString() {
    return word();
  }
}
