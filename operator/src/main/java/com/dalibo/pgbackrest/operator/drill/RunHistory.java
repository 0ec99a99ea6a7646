package com.dalibo.pgbackrest.operator.drill;

import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrill;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRun;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Phase;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRunStatus.Result;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillSpec;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// How many runs a drill keeps after their end.
record RunHistory(int successful, int failed) {
  private static final int KEPT = 5;

  static RunHistory of(RestoreDrill drill) {
    var history = Optional.ofNullable(drill.spec().history());
    return new RunHistory(
        history.map(RestoreDrillSpec.History::successful).orElse(KEPT),
        history.map(RestoreDrillSpec.History::failed).orElse(KEPT));
  }

  /// The runs that are no longer kept.
  ///
  /// @param runs oldest first
  List<RestoreDrillRun> expired(List<RestoreDrillRun> runs) {
    var newestFirst = runs.reversed().stream().filter(run -> run.phase() == Phase.ENDED).toList();
    return Stream.concat(
            newestFirst.stream().filter(RunHistory::isSuccess).skip(successful),
            newestFirst.stream().filter(run -> !isSuccess(run)).skip(failed))
        .toList();
  }

  private static boolean isSuccess(RestoreDrillRun run) {
    return run.result().filter(Result.SUCCEEDED::equals).isPresent();
  }
}
