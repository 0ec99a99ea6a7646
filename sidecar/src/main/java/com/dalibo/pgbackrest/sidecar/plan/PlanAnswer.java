package com.dalibo.pgbackrest.sidecar.plan;

import com.dalibo.pgbackrest.stanza.api.plan.RestorePlanStatus;

/// A verdict with what there is to say about it.
///
/// @param content without condition, time and generation
record PlanAnswer(Verdict verdict, RestorePlanStatus content) {
  private static final RestorePlanStatus NOTHING =
      new RestorePlanStatus(
          null, null, null, null, null, null, null, null, null, null, null, null, null);

  static PlanAnswer only(Verdict verdict) {
    return new PlanAnswer(verdict, NOTHING);
  }
}
