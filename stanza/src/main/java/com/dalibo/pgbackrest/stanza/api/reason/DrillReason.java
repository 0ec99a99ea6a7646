package com.dalibo.pgbackrest.stanza.api.reason;

/// What the runs of a RestoreDrill have shown, and why a run did not take place.
@SuppressWarnings("ImmutableEnumChecker")
public enum DrillReason implements Reason {
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
      EventOn.DRILL);

  private final Row row;

  DrillReason(String word, String meaning, String remedy, Place... places) {
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
