package com.dalibo.pgbackrest.stanza.api.status;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The reasons of conditions, events and refusals: one row each, from which the tables of
/// docs/how-to/troubleshooting.md and docs/reference/status.md are generated.
@SuppressWarnings("ImmutableEnumChecker")
public enum Reason {
  READY("Ready", "A restore can be expected to work.", "Nothing.", ConditionType.READY),
  NO_BACKUP(
      "NoBackup",
      "WAL is archived, but there is no backup that it can be replayed on (also after a "
          + "major upgrade).",
      "Create a Backup or a ScheduledBackup.",
      ConditionType.READY,
      ConditionType.POSSIBLE),
  WAL_GAP(
      "WALGap",
      "WAL is missing that recovery from the newest backup needs (the event: from the "
          + "oldest one); recovery cannot pass the gap. After `archive` of the "
          + "`retentionPolicy` was raised, or a backup that it counts was removed, WAL that "
          + "had already expired counts as missing until there are `archive` newer backups.",
      "Take a new backup; only recovery from older ones then meets the gap. Find out "
          + "what deletes files in the repository: lifecycle rules of the bucket, a second "
          + "cluster.",
      ConditionType.READY,
      EventOn.STANZA,
      EventOn.CLUSTER),
  CONFIGURATION_REFUSED(
      "ConfigurationRefused",
      "pgBackRest refuses the configuration, usually because of a value in `options`, "
          + "which are passed on as written.",
      "Correct what the message names.",
      ConditionType.READY),
  WAL_DROPPED(
      "WALDropped",
      "pgBackRest dropped WAL because the archive queue exceeded " + "`archive.pushQueueMax`.",
      "Take a backup now. Then find out why archiving was slow, and whether the limit "
          + "is wanted at all.",
      ConditionType.ARCHIVING,
      EventOn.STANZA,
      EventOn.CLUSTER),
  ARCHIVING(
      "Archiving",
      "The last WAL file is in every repository.",
      "Nothing.",
      ConditionType.ARCHIVING),
  PLUGIN_DISABLED(
      "PluginDisabled",
      "The Cluster that archived here no longer has an entry in `spec.plugins` that "
          + "does (removed, `enabled: false`, not `isWALArchiver`, another `stanzaRef`). CNPG "
          + "continues and, where no other plugin archives, treats each segment as archived.",
      "Let the Cluster archive here again and take a new backup at once: what was "
          + "written meanwhile is missing.",
      ConditionType.ARCHIVING,
      ConditionType.READY),
  CLUSTER_GONE(
      "ClusterGone",
      "The Cluster that archived here was deleted. The content of the repositories " + "remains.",
      "Restore it to a new Cluster if it is needed; that Cluster needs its own Stanza "
          + "for its archive.",
      ConditionType.ARCHIVING,
      ConditionType.READY),
  ARCHIVING_FAILS(
      "ArchivingFails",
      "The last WAL file is not in every repository; the message has the cause. "
          + "PostgreSQL keeps the file and tries again.",
      "Correct the cause, and watch the WAL volume until then.",
      ConditionType.ARCHIVING,
      EventOn.STANZA,
      EventOn.CLUSTER),
  ARCHIVING_RECOVERED(
      "ArchivingRecovered", "Archiving works again.", "Nothing.", EventOn.STANZA, EventOn.CLUSTER),
  NOTHING_ARCHIVED_YET(
      "NothingArchivedYet",
      "No WAL has been archived since the start.",
      "Wait for the first file, or run `select pg_switch_wal()`. If that does not help, "
          + "check that the Cluster's plugin entry has `isWALArchiver: true`.",
      ConditionType.ARCHIVING),
  NO_CLUSTER(
      "NoCluster",
      "No Cluster archives here; the operator itself queries the repositories. `Ready` is true if "
          + "there is a backup to restore from.",
      "Nothing, or create a Cluster that archives here.",
      ConditionType.ARCHIVING,
      ConditionType.READY),
  DRILL_SUCCEEDED(
      "DrillSucceeded",
      "The newest run restored what was asked for, and every check was true.",
      "Nothing.",
      DrillConditionType.PROVEN,
      EventOn.DRILL),
  DRILL_TOOK_PLACE(
      "DrillTookPlace",
      "The newest run that was due took place.",
      "Nothing.",
      DrillConditionType.MISSED),
  DRILL_NOT_RUN(
      "DrillNotRun",
      "No run has ended yet.",
      "Wait for the first, or start one: `kubectl annotate restoredrill NAME --overwrite "
          + "pgbackrest.dalibo.com/drill=$(date +%s)`.",
      DrillConditionType.PROVEN),
  DRILL_OUTDATED(
      "DrillOutdated",
      "The newest run succeeded, but that is two periods of the schedule ago.",
      "See the condition `Missed`.",
      DrillConditionType.PROVEN),
  DRILL_RESTORE_FAILED(
      "DrillRestoreFailed",
      "The Cluster of the run could not be restored; the message has the cause.",
      "Correct the cause, and take a backup at once: what a drill cannot restore, nobody can.",
      DrillConditionType.PROVEN,
      EventOn.DRILL),
  DRILL_CHECK_FAILED(
      "DrillCheckFailed",
      "A check was not true in the restored databases, or could not be asked.",
      "Look at the Cluster (`keep.failed`). Correct the query, or find out why the data are not "
          + "there.",
      DrillConditionType.PROVEN,
      EventOn.DRILL),
  DRILL_PAGES_DAMAGED(
      "DrillPagesDamaged",
      "Pages of the restored databases are damaged.",
      "Check the source with `pg_amcheck`; restore from an older backup what is damaged there too.",
      DrillConditionType.PROVEN,
      EventOn.DRILL),
  DRILL_OBJECTIVE_MISSED(
      "DrillObjectiveMissed",
      "The restore worked, but took longer or lost more than `objectives` allow, or that could not"
          + " be measured.",
      "See which step took the time (`status.seconds` of the run), or correct `objectives`.",
      DrillConditionType.PROVEN,
      EventOn.DRILL),
  DRILL_TIMED_OUT(
      "DrillTimedOut",
      "The run did not end within its `timeout`.",
      "Correct what the message names, or raise `timeout`.",
      DrillConditionType.PROVEN,
      EventOn.DRILL),
  DRILL_CLUSTER_LOST(
      "DrillClusterLost",
      "Somebody removed the Cluster of the run before it had ended.",
      "Let the Clusters with the label `pgbackrest.dalibo.com/drill` alone; the operator removes "
          + "them.",
      DrillConditionType.PROVEN,
      EventOn.DRILL),
  DRILL_NOTHING_TO_RESTORE(
      "DrillNothingToRestore",
      "The status of the Stanza has no backup in the repository that the run is about.",
      "Create a Backup, with `selectedRepository` if the repository is not the first.",
      DrillConditionType.PROVEN,
      EventOn.DRILL),
  DRILL_INVALID(
      "DrillInvalid",
      "The RestoreDrill names something that does not exist, or has a value that cannot be read.",
      "Correct what the message names.",
      DrillConditionType.PROVEN,
      DrillConditionType.MISSED,
      EventOn.DRILL),
  DRILL_NOT_PERMITTED(
      "DrillNotPermitted",
      "The operator may not create Clusters, which is not among its default permissions.",
      "Grant it: `kubectl apply -k deploy/overlays/drills`, or `drills.enabled` of the chart "
          + "([Permissions](../reference/rights.md#restore-drills)).",
      DrillConditionType.MISSED,
      EventOn.DRILL),
  DRILL_REFUSED(
      "DrillRefused",
      "Kubernetes refuses the Cluster of the run or its pods: a quota, a policy, a webhook, or a "
          + "Cluster of the same name.",
      "Correct what the message names.",
      DrillConditionType.MISSED,
      EventOn.DRILL),
  DRILL_NOT_STARTED(
      "DrillNotStarted",
      "The pod of the run did not start within ten minutes: no node has room for it, a volume or a "
          + "StorageClass is missing, or the image cannot be pulled.",
      "Correct what the message names.",
      DrillConditionType.MISSED,
      EventOn.DRILL),
  DRILL_STILL_RUNNING(
      "DrillStillRunning",
      "The run before had not ended when the drill was due.",
      "Give the drill a longer period or a shorter `timeout`.",
      DrillConditionType.MISSED,
      EventOn.DRILL),
  DRILL_OPERATOR_DOWN(
      "DrillOperatorDown",
      "No operator was running when the drill was due.",
      "Find out why (`kubectl get pods` in the namespace of the operator). The next run takes place "
          + "when it is due.",
      DrillConditionType.MISSED,
      EventOn.DRILL),
  INSPECTED(
      "Inspected",
      "A Job of the operator has queried the repositories.",
      "Nothing. To repeat it at once: `kubectl annotate stanza NAME --overwrite "
          + "pgbackrest.dalibo.com/inspect=$(date +%s)`.",
      ConditionType.INSPECTED),
  INSPECTION_WAITS(
      "InspectionWaits",
      "The pod of the inspection cannot start: no node has room for it, a volume cannot be "
          + "mounted, or the image cannot be pulled. It is given up after ten minutes and repeated "
          + "a quarter of an hour later.",
      "Correct what the message names.",
      ConditionType.INSPECTED),
  INSPECTION_REFUSED(
      "InspectionRefused",
      "Kubernetes refuses the Job of the inspection, its pod or its permissions: a quota, a "
          + "policy, or an object of the same name that belongs to somebody else.",
      "Correct what the message names ([Permissions](../reference/rights.md), "
          + "[Namespaces with rules of their own](namespaces.md)).",
      ConditionType.INSPECTED),
  INSPECTION_FAILED(
      "InspectionFailed",
      "The inspection failed, or did not end within ten minutes and was stopped. It is repeated "
          + "a quarter of an hour later.",
      "See the message, and the log with the command that it gives.",
      ConditionType.INSPECTED),
  INSPECTION_NEEDS_IDENTITY(
      "InspectionNeedsIdentity",
      "A repository takes its credentials from the identity of the pod (`keyType` auto, web-id or "
          + "pod-id), which the pod of an inspection does not have.",
      "Name a ServiceAccount that has it in the annotation "
          + "`pgbackrest.dalibo.com/inspect-service-account` of the Stanza.",
      ConditionType.INSPECTED),
  ALL_REACHABLE(
      "AllReachable",
      "Every repository answers.",
      "Nothing.",
      ConditionType.REPOSITORIES_REACHABLE),
  REPOSITORY_UNREACHABLE(
      "RepositoryUnreachable",
      "A repository does not answer; the message has pgBackRest's error for each. No "
          + "WAL and no Backup object is lost meanwhile.",
      "Follow the remedy in the message: network, credentials, bucket.",
      ConditionType.REPOSITORIES_REACHABLE,
      ConditionType.POSSIBLE,
      EventOn.STANZA,
      EventOn.CLUSTER),
  REPOSITORY_REACHABLE(
      "RepositoryReachable",
      "Every repository answers again.",
      "Nothing.",
      EventOn.STANZA,
      EventOn.CLUSTER),
  VERIFIED(
      "Verified", "Everything that `verify` read is intact.", "Nothing.", ConditionType.VERIFIED),
  NOT_VERIFIED_YET(
      "NotVerifiedYet",
      "`verify` is new, and a repository has not been verified yet.",
      "Wait, and make sure that backups do not run all the time.",
      ConditionType.VERIFIED),
  VERIFY_FAILED(
      "VerifyFailed",
      "Files of a repository are damaged or missing; the message names backups and "
          + "files. Verification is repeated after each backup.",
      "Take a new full backup now and check the storage. Delete the Backup objects of "
          + "damaged backups (with `deletionPolicy: ExpireBackup` the backups are removed "
          + "from the repository), or let retention remove them.",
      ConditionType.VERIFIED,
      ConditionType.READY,
      EventOn.STANZA,
      EventOn.CLUSTER),
  VERIFY_RECOVERED(
      "VerifyRecovered",
      "What was damaged has been removed or is intact again.",
      "Nothing.",
      EventOn.STANZA,
      EventOn.CLUSTER),
  RETENTION_WILL_EXPIRE(
      "RetentionWillExpire",
      "After an edit of `retentionPolicy`, the next backup will remove these backups " + "and WAL.",
      "To keep them, change the policy back before that backup.",
      EventOn.STANZA,
      EventOn.CLUSTER),
  VALID(
      "Valid",
      "The Stanza and the objects it refers to are complete.",
      "Nothing.",
      ConditionType.VALID),
  STANZA_CREATED(
      "StanzaCreated",
      "A repository was prepared for this cluster.",
      "Nothing.",
      EventOn.STANZA,
      EventOn.CLUSTER),
  OWNERSHIP_REFUSED(
      "OwnershipRefused",
      "The Cluster wants to archive where another one does, or where another one's "
          + "archive is.",
      "Give it its own Stanza, or follow the message.",
      EventOn.STANZA,
      EventOn.CLUSTER),
  STANZA_UPGRADED(
      "StanzaUpgraded",
      "A repository follows a major upgrade of PostgreSQL.",
      "Take a backup now.",
      EventOn.STANZA,
      EventOn.CLUSTER),
  BACKUP_COMPLETED(
      "BackupCompleted",
      "The backup and all WAL it needs are in the repository.",
      "Nothing.",
      EventOn.BACKUP),
  BACKUP_FAILED(
      "BackupFailed",
      "The message has pgBackRest's error code (see below) and text.",
      "Correct the cause and create a new Backup. If the message reports that the backup was"
          + " interrupted when the container `pgbackrest-plugin` ended, `kubectl describe pod`"
          + " shows the cause under `Last State`: `OOMKilled` means that"
          + " `resourcesRequirement.limits.memory` in the PluginConfig is too low for backups in"
          + " addition to archiving; 128Mi or more is enough for most clusters.",
      EventOn.BACKUP,
      EventOn.CLUSTER),
  HISTORY_NOT_ARCHIVED(
      "HistoryNotArchived",
      "Two instances were promoted to the same timeline; one of them was lost before "
          + "CNPG knew of it, and has returned. The archive keeps what the primary wrote.",
      "Nothing; the instance rejoins by pg_rewind.",
      EventOn.CLUSTER),
  BACKUP_STOPPED(
      "BackupStopped",
      "The backup was running when its Backup object was deleted, and was stopped. One "
          + "that was complete and only waited for its WAL stays in the repository until "
          + "retention removes it.",
      "Create a new Backup if you still need one.",
      EventOn.BACKUP,
      EventOn.CLUSTER),
  BACKUP_EXPIRED(
      "BackupExpired",
      "Retention removed a backup, and its Backup object was deleted with it.",
      "Nothing.",
      EventOn.CLUSTER),
  BACKUP_DELETED(
      "BackupDeleted",
      "A Backup object was deleted, and its backup was removed because of "
          + "`deletionPolicy: ExpireBackup`.",
      "Nothing.",
      EventOn.CLUSTER),
  BACKUP_NOT_EXPIRED(
      "BackupNotExpired",
      "A Backup object is deleted, but its backup could not be removed from the " + "repository.",
      "See `RepositoryUnreachable`. With `deletionPolicy: Retain` the object is deleted "
          + "at once, and the backup is kept.",
      EventOn.CLUSTER),
  BACKUPS_ADOPTED(
      "BackupsAdopted",
      "Backup objects were created for backups of a Cluster that is gone (`adoptBackups`).",
      "Nothing.",
      EventOn.STANZA),
  BACKUPS_NOT_ADOPTED(
      "BackupsNotAdopted",
      "Backups have no Backup object although the Stanza has `adoptBackups`: they name no "
          + "Cluster, a Cluster of that name is there, or the operator lacks the permission.",
      "Restore them by their label, or see the message.",
      EventOn.STANZA),
  BACKUP_UNUSABLE(
      "BackupUnusable",
      "A newer backup could not be read, so the recovery started from an older one. Of a "
          + "RestorePlan: the backup that leads to the target lacks files or WAL.",
      "Verify the repository.",
      EventOn.CLUSTER,
      ConditionType.POSSIBLE),
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
      ConditionType.POSSIBLE),
  PROMOTED_WITHOUT_WAL(
      "PromotedWithoutWAL",
      "An instance became primary although the stanza did not answer within "
          + "`promotionTimeout`; it has only what it had streamed or fetched before. Nothing is "
          + "lost if it had received everything from the former primary.",
      "To find out, restore from the stanza that the message names into another "
          + "Cluster, and compare.",
      EventOn.CLUSTER),
  RECOVERY_TARGET_AT_RISK(
      "RecoveryTargetAtRisk",
      "The recovery target is in the future, has no time zone, or may be after a gap in "
          + "the WAL; or there is a gap between the backup and the latest WAL, at which "
          + "recovery will wait (`RecoveryWaits`).",
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
  RECOVERY_REPEATED(
      "RecoveryRepeated",
      "The recovery was begun at least twice and not completed; the message has the number of "
          + "tries and the command that shows the cause. CNPG tries again, and the next try may "
          + "succeed, as after an eviction of the pod.",
      "Correct the cause: the next try reads the Cluster again.",
      EventOn.CLUSTER),
  RIGHTS_NOT_GRANTED(
      "RightsNotGranted",
      "The operator could not grant the pods of the Cluster their permissions.",
      "See the log of the operator and [Permissions](../reference/rights.md).",
      EventOn.CLUSTER),
  STANZA_MISSING(
      "StanzaMissing",
      "The Cluster or RestorePlan refers to a Stanza that does not exist.",
      "Create it, or correct `stanzaRef`.",
      EventOn.CLUSTER,
      ConditionType.POSSIBLE),
  STANZA_NOT_FOUND(
      "StanzaNotFound",
      "As `StanzaMissing`, found by the sidecar.",
      "Create the Stanza, or correct `stanzaRef`.",
      Answer.TO_CNPG),
  STANZA_NOT_NAMED(
      "StanzaNotNamed",
      "The plugin entry of the Cluster has no `stanzaRef`.",
      "Add it under `parameters`.",
      EventOn.CLUSTER,
      Answer.TO_CNPG),
  REQUEST_ABOVE_LIMIT(
      "RequestAboveLimit",
      "The PluginConfig requests more for the sidecar than its limit, so Kubernetes "
          + "refuses each new pod.",
      "Correct `resourcesRequirement`.",
      EventOn.CLUSTER),
  MEMORY_LIMIT_TOO_LOW(
      "MemoryLimitTooLow",
      "The memory limit in the PluginConfig is below 64Mi; the kernel kills the sidecar "
          + "again and again.",
      "Raise it, to 128Mi where backups are taken.",
      EventOn.CLUSTER),
  RESOURCES_REQUIRED(
      "ResourcesRequired",
      "A ResourceQuota of the namespace demands requests or limits of each container, and the "
          + "sidecar has none. Nothing is injected, so that no running pod is replaced by one "
          + "that Kubernetes refuses.",
      "Apply the PluginConfig in the message ([Namespaces with rules of their"
          + " own](namespaces.md)).",
      EventOn.CLUSTER,
      Answer.TO_CNPG),
  QUOTA_EXHAUSTED(
      "QuotaExhausted",
      "A ResourceQuota of the namespace has less left than the sidecar adds to the running pods of "
          + "the Cluster. None of them is replaced, so that no instance is lost.",
      "Raise the quota as the message says, or make the sidecar smaller with a PluginConfig "
          + "([Namespaces with rules of their own](namespaces.md)).",
      EventOn.CLUSTER,
      Answer.TO_CNPG),
  OUTSIDE_LIMIT_RANGE(
      "OutsideLimitRange",
      "A LimitRange of the namespace refuses the resources of the sidecar. Nothing is injected.",
      "Correct `resourcesRequirement` as the message says.",
      EventOn.CLUSTER,
      Answer.TO_CNPG),
  PROCESSES_REDUCED(
      "ProcessesReduced",
      "The memory limit of the sidecar has no room for `processMax` processes, so fewer run.",
      "Raise the limit in the PluginConfig, or lower `processMax`.",
      EventOn.CLUSTER),
  QOS_CLASS_LOWERED(
      "QoSClassLowered",
      "The Cluster's resources ask for the QoS class Guaranteed; the sidecar's do not, so the pods "
          + "are Burstable.",
      "Give the sidecar equal requests and limits if the class matters.",
      EventOn.CLUSTER),
  PLUGIN_CONFIG_MISSING(
      "PluginConfigMissing",
      "The Cluster refers to a PluginConfig that does not exist.",
      "Create it, or remove `pluginConfigRef`.",
      EventOn.CLUSTER),
  RECOVERY_PAUSED(
      "RecoveryPaused",
      "The WAL was written with a larger setting (for example `max_connections`) than the new "
          + "Cluster has, and PostgreSQL waits without end.",
      "Set what the message names in `spec.postgresql.parameters`, and delete the pod that "
          + "recovers.",
      EventOn.CLUSTER),
  NAME_TAKEN(
      "NameTaken",
      "A Role or RoleBinding that the Cluster needs exists and belongs to somebody else.",
      "Remove it with the command in the message, or rename it.",
      EventOn.CLUSTER),
  ROLE_BINDING_RETURNED(
      "RoleBindingReturned",
      "An earlier release of the plugin had taken the RoleBinding of this Cluster.",
      "Run the command in the message; CNPG then creates it again at once.",
      EventOn.CLUSTER),
  OWNER_REPLACED(
      "OwnerReplaced",
      "The Cluster that archived here was deleted, and another one is to archive here in its "
          + "place.",
      "Its event `OwnershipRefused` gives the command that allows it.",
      ConditionType.ARCHIVING,
      ConditionType.READY),
  STATUS_OVERDUE(
      "StatusOverdue",
      "The sidecar of the primary has not written the status of its Stanza for 45 minutes, "
          + "though CNPG reports the Cluster as healthy.",
      "See the log of its container `pgbackrest-plugin`. Delete the pod of the primary if it "
          + "does not answer; a sidecar that hangs is restarted by its liveness probe.",
      ConditionType.ARCHIVING,
      ConditionType.READY,
      EventOn.STANZA,
      EventOn.CLUSTER),
  PROMOTION_WAITS(
      "PromotionWaits",
      "An instance is to become primary, and the stanza does not answer whether it has more "
          + "WAL.",
      "The promotion continues as soon as it answers, or when `promotionTimeout` is over "
          + "([Cluster operations](life.md)).",
      EventOn.CLUSTER),
  PARAMETER_INVALID(
      "ParameterInvalid",
      "The value of a parameter of the plugin entry is not possible.",
      "Correct it as the message says.",
      EventOn.CLUSTER,
      Answer.TO_CNPG),
  OPTION_WITHOUT_EFFECT(
      "OptionWithoutEffect",
      "A variable in `customEnvVar` has no effect.",
      "Remove it.",
      EventOn.CLUSTER),
  PARAMETER_MISSING(
      "ParameterMissing",
      "A parameter of the plugin entry is empty.",
      "Give it a value.",
      EventOn.CLUSTER,
      Answer.TO_CNPG),
  PARAMETER_UNKNOWN(
      "ParameterUnknown",
      "A parameter of the plugin entry is unknown; the message lists the known ones.",
      "Correct or remove it.",
      EventOn.CLUSTER,
      Answer.TO_CNPG),
  UNREADABLE(
      "Unreadable",
      "The object does not match the API, which can happen if its CRD is older. Pods "
          + "continue as they are; CNPG creates no new pod before this is corrected, because "
          + "the volumes it would mount are unknown.",
      "Apply the CRDs of this version, then correct the field that the message names.",
      ConditionType.READY,
      EventOn.CLUSTER,
      Answer.TO_CNPG),
  REPOSITORY_UNKNOWN(
      "RepositoryUnknown",
      "`selectedRepository` of the Backup is neither the number nor the name of a " + "repository.",
      "Use one of those that the message lists.",
      Answer.TO_CNPG),
  SECRET_MISSING(
      "SecretMissing",
      "The Secret or ConfigMap does not exist in the namespace of the Stanza.",
      "Create it; no restart is needed.",
      ConditionType.VALID),
  SECRET_KEY_MISSING(
      "SecretKeyMissing",
      "The Secret or ConfigMap lacks the key that the Stanza names.",
      "Add it, or correct the Stanza.",
      ConditionType.VALID),
  SECRET_VALUE_INVALID(
      "SecretValueInvalid",
      "The value in the Secret is not possible, for example because it ends with a line "
          + "break.",
      "Store it again with `kubectl create secret --from-literal`.",
      ConditionType.VALID),
  CREDENTIALS_MISSING(
      "CredentialsMissing",
      "A repository has no credentials.",
      "Add `secretRef`, or a `keyType` that needs none.",
      ConditionType.VALID,
      EventOn.CLUSTER),
  HOST_KEY_MISSING(
      "HostKeyMissing",
      "An SFTP repository does not specify the key of the server.",
      "Add `knownHosts` or `hostFingerprint`.",
      ConditionType.VALID,
      EventOn.CLUSTER),
  AUTHORITY_AMBIGUOUS(
      "AuthorityAmbiguous",
      "A repository has both `caSecretRef` and `caConfigMapRef`.",
      "Remove one.",
      ConditionType.VALID,
      EventOn.CLUSTER),
  NO_REPOSITORY(
      "NoRepository",
      "The Stanza has no repository.",
      "Add one.",
      ConditionType.VALID,
      EventOn.CLUSTER),
  NAME_INVALID(
      "NameInvalid",
      "pgBackRest cannot use the name of the stanza.",
      "Use letters, digits, `_`, `-` and `.`, 200 at most.",
      ConditionType.VALID,
      EventOn.CLUSTER),
  NAME_NOT_UNIQUE(
      "NameNotUnique",
      "Two repositories have the same name.",
      "Rename one.",
      ConditionType.VALID,
      EventOn.CLUSTER),
  INDEX_NOT_UNIQUE(
      "IndexNotUnique",
      "Two repositories have the same number.",
      "Give each its own `index`.",
      ConditionType.VALID,
      EventOn.CLUSTER),
  INDEX_OUT_OF_RANGE(
      "IndexOutOfRange",
      "The number of a repository is too small or too large.",
      "Use an `index` from 1 to 256.",
      ConditionType.VALID,
      EventOn.CLUSTER),
  PLACE_NOT_UNIQUE(
      "PlaceNotUnique",
      "Two repositories have the same store and path.",
      "Give one another bucket or `repoPath`.",
      ConditionType.VALID,
      EventOn.CLUSTER),
  PATH_INVALID(
      "PathInvalid",
      "`repoPath` is not an absolute path.",
      "Start it with `/`, and use neither `.` nor `..` in it.",
      ConditionType.VALID,
      EventOn.CLUSTER),
  BLOCK_NEEDS_BUNDLE(
      "BlockNeedsBundle",
      "`block: true` with `bundle: false`.",
      "Remove `bundle: false`.",
      ConditionType.VALID,
      EventOn.CLUSTER),
  RETENTION_INCOMPLETE(
      "RetentionIncomplete",
      "`retentionPolicy` has a type without its number, so nothing expires by it.",
      "Add `full` or `archive`.",
      EventOn.CLUSTER),
  OUT_OF_RANGE(
      "OutOfRange",
      "A number is too small or too large.",
      "Use one in the range that the message gives.",
      ConditionType.VALID,
      EventOn.CLUSTER),
  SIZE_INVALID(
      "SizeInvalid",
      "A value is not a size.",
      "Write a number and a unit without a space, such as `128MiB`.",
      ConditionType.VALID,
      EventOn.CLUSTER),
  TIME_SPAN_INVALID(
      "TimeSpanInvalid",
      "A value is not a time span.",
      "Write one such as `168h`, `90m` or `2h30m`.",
      ConditionType.VALID,
      EventOn.CLUSTER),
  VALUE_INVALID(
      "ValueInvalid",
      "A value is empty, starts or ends with white space, has a character that cannot be seen, or "
          + "is no host, bucket or account.",
      "Correct it, or remove the field.",
      ConditionType.VALID,
      EventOn.CLUSTER),
  OPTION_REFUSED(
      "OptionRefused",
      "An option in `options` or `customEnvVar` is not allowed, is set by a field, or "
          + "does not exist; the message says which.",
      "See [reference](../reference/stanza.md#what-options-may-hold).",
      ConditionType.VALID,
      EventOn.CLUSTER),
  PGBACKREST_TOO_OLD(
      "PgBackRestTooOld",
      "An option needs a newer pgBackRest than the image of the sidecar has.",
      "Use a newer image, or remove the option.",
      ConditionType.READY);

  private final String word;
  private final String meaning;
  private final String remedy;
  private final List<Place> places;

  Reason(String word, String meaning, String remedy, Place... places) {
    this.word = word;
    this.meaning = meaning;
    this.remedy = remedy;
    this.places = List.of(places);
  }

  /// Where a reason can be read.
  public sealed interface Place permits ConditionType, DrillConditionType, EventOn, Answer {}

  /// The object that an event is about.
  public enum EventOn implements Place {
    STANZA("Stanza"),
    CLUSTER("Cluster"),
    BACKUP("Backup"),
    DRILL("RestoreDrill");

    private final String kind;

    EventOn(String kind) {
      this.kind = kind;
    }

    /// As Kubernetes names it.
    public String kind() {
      return kind;
    }
  }

  /// A refusal of a call.
  public enum Answer implements Place {
    TO_CNPG
  }

  /// The one that is written like this.
  public static Optional<Reason> of(String word) {
    return Arrays.stream(values()).filter(reason -> reason.word.equals(word)).findFirst();
  }

  /// As users read it: `WALGap`.
  public String word() {
    return word;
  }

  /// What has happened, for the page.
  public String meaning() {
    return meaning;
  }

  /// What to do about it, for the page.
  public String remedy() {
    return remedy;
  }

  /// The conditions whose own reason it can be. `Ready` also takes the reason of another condition
  /// that keeps it from being true.
  public List<ConditionType> conditions() {
    return places(ConditionType.class).toList();
  }

  /// The conditions of a RestoreDrill whose reason it can be.
  public List<DrillConditionType> drillConditions() {
    return places(DrillConditionType.class).toList();
  }

  /// The objects on which it is an event.
  public List<EventOn> events() {
    return places(EventOn.class).toList();
  }

  /// Whether CNPG gets it as an answer.
  public boolean isAnswer() {
    return places(Answer.class).findAny().isPresent();
  }

  private <T extends Place> Stream<T> places(Class<T> type) {
    return places.stream().filter(type::isInstance).map(type::cast);
  }

  @Override
  public String toString() {
    return word;
  }
}
