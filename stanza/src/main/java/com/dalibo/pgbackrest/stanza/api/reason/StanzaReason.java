package com.dalibo.pgbackrest.stanza.api.reason;

/// What is known of the archive and the repositories of a Stanza.
@SuppressWarnings("ImmutableEnumChecker")
public enum StanzaReason implements Reason {
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
  PGBACKREST_TOO_OLD(
      "PgBackRestTooOld",
      "An option needs a newer pgBackRest than the image of the sidecar has.",
      "Use a newer image, or remove the option.",
      ConditionType.READY);

  private final Row row;

  StanzaReason(String word, String meaning, String remedy, Place... places) {
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
