package com.dalibo.pgbackrest.sidecar.restore;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.sidecar.failure.FailureWords;
import com.dalibo.pgbackrest.sidecar.failure.Retry;
import com.dalibo.pgbackrest.sidecar.kubernetes.Events;
import com.dalibo.pgbackrest.stanza.api.reason.RestoreReason;
import com.dalibo.pgbackrest.stanza.rendering.ForbiddenException;
import java.time.Duration;
import java.util.concurrent.Callable;

/// How long a step of a restore job is tried again: trouble that may pass for some minutes, missing
/// rights for as long as the operator may need to grant them. Everyone can see that it waits.
///
/// @param passing how long a failure that may pass is waited out
/// @param rights how long missing rights are
public record RestoreRetryPolicy(Duration passing, Duration rights, Duration pause, Events events) {
  private static final Log log = Log.named("restore");

  public static RestoreRetryPolicy ofMinutes(Events events) {
    return new RestoreRetryPolicy(
        Duration.ofMinutes(10), Duration.ofMinutes(2), Duration.ofSeconds(5), events);
  }

  <T> T until(Cluster cluster, String step, Callable<T> attempt) throws Exception {
    return Retry.every(pause)
        .call(
            Exception.class,
            (failure, failed) -> failed.waited().compareTo(limit(failure)) < 0,
            (failure, failed) -> report(cluster, step, failed.waited(), failure),
            () -> attempt.call());
  }

  private Duration limit(Exception failure) {
    if (failure instanceof ForbiddenException) {
      return rights;
    }
    return Retry.mayPass(failure) ? passing : Duration.ZERO;
  }

  private void report(Cluster cluster, String step, Duration waited, Exception failure) {
    log.warning(
        "waiting before the next attempt",
        "step",
        step,
        "waitedSeconds",
        waited.toSeconds(),
        "cause",
        failure.getMessage());
    events.warning(
        cluster,
        RestoreReason.RESTORE_WAITING,
        "restore of cluster '%s' waits while %s: %s"
            .formatted(cluster.name(), step, FailureWords.of(failure)));
  }
}
