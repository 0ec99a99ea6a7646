package com.dalibo.pgbackrest.stanza.api.reason;

/// Whether the restore of a RestorePlan would succeed.
@SuppressWarnings("ImmutableEnumChecker")
public enum PlanReason implements Reason {
  PLAN_POSSIBLE(
      "PlanPossible",
      "The restore would succeed and end at its target.",
      "Apply `status.manifest`, if the restore is wanted.",
      ConditionType.POSSIBLE),
  PLAN_INVALID(
      "PlanInvalid",
      "The RestorePlan asks for something that cannot be meant: a target that cannot be read, a "
          + "transaction or restore point without `backupID`, a repository or backup that the "
          + "Stanza does not have.",
      "Correct what the message names.",
      ConditionType.POSSIBLE),
  PLAN_UNDECIDED(
      "PlanUndecided",
      "Whether the target can be reached is only in WAL that a plan does not read: there is too "
          + "much of it.",
      "Name a later backup (`backupID`) or a time, or try it: a restore decides it.",
      ConditionType.POSSIBLE),
  PLAN_WAITS(
      "PlanWaits",
      "The pod of the plan cannot start: no node has room for it, a volume cannot be "
          + "mounted, or the image cannot be pulled.",
      "Correct what the message names.",
      ConditionType.POSSIBLE),
  PLAN_REFUSED(
      "PlanRefused",
      "Kubernetes refuses the Job of the plan, its pod or its permissions: a quota, a "
          + "policy, or an object of the same name that belongs to somebody else.",
      "Correct what the message names ([Permissions](../reference/rights.md), "
          + "[Namespaces with rules of their own](namespaces.md)).",
      ConditionType.POSSIBLE),
  PLAN_FAILED(
      "PlanFailed",
      "The plan could not be made, or was not made within ten minutes and was stopped. It is "
          + "repeated a quarter of an hour later.",
      "See the message, and the log with the command that it gives.",
      ConditionType.POSSIBLE),
  PLAN_NEEDS_IDENTITY(
      "PlanNeedsIdentity",
      "A repository takes its credentials from the identity of the pod (`keyType` auto, web-id or "
          + "pod-id), which the pod of a plan does not have.",
      "Name a ServiceAccount that has it in the annotation "
          + "`pgbackrest.dalibo.com/inspect-service-account` of the Stanza.",
      ConditionType.POSSIBLE),
  TARGET_BEFORE_BACKUP(
      "TargetBeforeBackup",
      "Every backup that could lead to the target ended after it.",
      "Choose a later target; `status.nearest.after` is the first one.",
      ConditionType.POSSIBLE),
  TARGET_BEYOND_ARCHIVE(
      "TargetBeyondArchive",
      "The archived WAL ends before the target.",
      "Choose an earlier target, such as `status.nearest.before`, or none, to recover everything.",
      ConditionType.POSSIBLE),
  TARGET_IN_GAP(
      "TargetInGap",
      "WAL is missing between the backup and the target; recovery cannot pass it.",
      "Choose `status.nearest.before` or `status.nearest.after`, or restore the missing files.",
      ConditionType.POSSIBLE),
  TARGET_OFF_TIMELINE(
      "TargetOffTimeline",
      "No backup leads to the timeline of the target.",
      "Choose another `targetTLI` or `backupID`.",
      ConditionType.POSSIBLE),
  TARGET_NOT_FOUND(
      "TargetNotFound",
      "The transaction or restore point is not in the WAL after the backup.",
      "Choose another target or, if it is in WAL before the backup, an earlier `backupID`.",
      ConditionType.POSSIBLE),
  POSTGRES_MAJOR_DIFFERS(
      "PostgresMajorDiffers",
      "The backup that leads to the target is of another major version of PostgreSQL than "
          + "`postgresMajor`.",
      "Correct or remove `postgresMajor`; upgrade the new Cluster after the restore.",
      ConditionType.POSSIBLE),
  STANZA_INVALID(
      "StanzaInvalid",
      "The Stanza of the RestorePlan, or an object that it names, is not valid.",
      "Correct what the message names.",
      ConditionType.POSSIBLE);

  private final Row row;

  PlanReason(String word, String meaning, String remedy, Place... places) {
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
