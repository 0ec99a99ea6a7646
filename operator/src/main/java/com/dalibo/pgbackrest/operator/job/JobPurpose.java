package com.dalibo.pgbackrest.operator.job;

import com.dalibo.pgbackrest.stanza.api.reason.PlanReason;
import com.dalibo.pgbackrest.stanza.api.reason.Reason;
import com.dalibo.pgbackrest.stanza.api.reason.StanzaReason;
import com.dalibo.pgbackrest.stanza.contract.SidecarEnvironment;
import com.dalibo.pgbackrest.stanza.contract.SidecarMode;

/// What a Job is for.
@SuppressWarnings("ImmutableEnumChecker")
public enum JobPurpose {
  INSPECTION(
      "inspection",
      SidecarMode.INSPECTION,
      SidecarEnvironment.STANZA_NAME,
      "64Mi",
      StanzaReason.INSPECTION_WAITS,
      StanzaReason.INSPECTION_REFUSED,
      StanzaReason.INSPECTION_FAILED,
      StanzaReason.INSPECTION_NEEDS_IDENTITY),
  /// It reads WAL segments, two at a time, of up to 1 GiB.
  PLAN(
      "plan",
      SidecarMode.PLAN,
      SidecarEnvironment.PLAN_NAME,
      "3Gi",
      PlanReason.PLAN_WAITS,
      PlanReason.PLAN_REFUSED,
      PlanReason.PLAN_FAILED,
      PlanReason.PLAN_NEEDS_IDENTITY);

  final String noun;
  final SidecarMode mode;
  final String variable;
  final String scratch;
  final Reason waits;
  final Reason refused;
  final Reason failed;
  final Reason needsIdentity;

  JobPurpose(
      String noun,
      SidecarMode mode,
      String variable,
      String scratch,
      Reason waits,
      Reason refused,
      Reason failed,
      Reason needsIdentity) {
    this.noun = noun;
    this.mode = mode;
    this.variable = variable;
    this.scratch = scratch;
    this.waits = waits;
    this.refused = refused;
    this.failed = failed;
    this.needsIdentity = needsIdentity;
  }
}
