package com.dalibo.pgbackrest.operator.status;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// When to give CNPG a text for the status of a Cluster.
///
/// CNPG reconciles the Cluster again after each text it is given, so one that it has already is not
/// given again. CNPG up to 1.30.0 removes the text at the start of each reconciliation; given again
/// each time, it would reconcile without end. So where a text is gone that was given before,
/// nothing is given for an hour, to any Cluster.
public final class ClusterStatusAnswers {

  private static final Log LOG = Log.of(ClusterStatusAnswers.class);
  private static final Duration PAUSE = Duration.ofHours(1);

  private final InstantSource clock;

  /// The Clusters that were given a text, by uid.
  private final Map<String, Boolean> given = new ConcurrentHashMap<>();

  private volatile Instant silentUntil = Instant.MIN;

  public ClusterStatusAnswers(InstantSource clock) {
    this.clock = clock;
  }

  /// The text to give now, if any.
  public Optional<String> answer(Cluster cluster, String text) {
    var known = cluster.pluginStatus();
    if (known.isPresent()) {
      given.put(cluster.uid(), true);
      return known.get().equals(text) ? Optional.empty() : Optional.of(text);
    }
    if (clock.instant().isBefore(silentUntil)) {
      return Optional.empty();
    }
    if (given.remove(cluster.uid()) != null) {
      silentUntil = clock.instant().plus(PAUSE);
      given.clear();
      LOG.info(
          "this release of CNPG removes the status of plugins; none is given for an hour",
          "cluster",
          cluster.name());
      return Optional.empty();
    }
    given.put(cluster.uid(), true);
    return Optional.of(text);
  }
}
