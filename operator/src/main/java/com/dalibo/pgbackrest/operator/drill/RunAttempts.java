package com.dalibo.pgbackrest.operator.drill;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.dalibo.pgbackrest.operator.inventory.ReleaseRemedy;
import com.dalibo.pgbackrest.operator.inventory.RepeatedFailures;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRun;
import io.fabric8.kubernetes.client.KubernetesClientException;

/// Attempts to continue runs, each for itself: a failure is logged once, and keeps neither the
/// other runs of the drill from ending nor the next from beginning.
final class RunAttempts {
  private static final Log LOG = Log.of(RunAttempts.class);

  private final RepeatedFailures failures = new RepeatedFailures();

  interface Attempt {
    /// Continues the run, and returns it as it is then.
    RestoreDrillRun make() throws InvalidStanzaException;
  }

  /// Makes an attempt, and returns the run as it is then.
  RestoreDrillRun make(RestoreDrillRun run, Attempt attempt) {
    var key = new ObjectKey(run.namespace(), run.name());
    try {
      var after = attempt.make();
      failures.end(key);
      return after;
    } catch (KubernetesClientException e) {
      warn(key, ReleaseRemedy.words(e));
      return run;
    } catch (InvalidStanzaException e) {
      warn(key, String.valueOf(e.getMessage()));
      return run;
    } catch (RuntimeException e) {
      warn(key, e.toString());
      return run;
    }
  }

  private void warn(ObjectKey run, String cause) {
    if (failures.isNew(run, cause)) {
      LOG.warning(
          "a run of a drill was not followed and is tried again", "run", run, "cause", cause);
    }
  }
}
