package com.dalibo.pgbackrest.operator.status;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.operator.event.EventSubject;
import com.dalibo.pgbackrest.operator.event.EventWriter;
import com.dalibo.pgbackrest.operator.event.ObjectEvent;
import com.dalibo.pgbackrest.stanza.api.Problem;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/// Says on a Cluster what is wrong with its use of the plugin, once and then every ten minutes.
public final class ClusterEvents {

  private static final Duration SILENCE = Duration.ofMinutes(10);
  private static final int MOST_REMEMBERED = 10_000;
  private static final Log LOG = Log.of(ClusterEvents.class);

  private final EventWriter writer;
  private final InstantSource clock;
  private final Executor executor;
  private final Map<String, Instant> said = new ConcurrentHashMap<>();

  public ClusterEvents(KubernetesClient client, InstantSource clock, Executor executor) {
    this.writer = new EventWriter(client);
    this.clock = clock;
    this.executor = executor;
  }

  /// Returns at once; the caller is a hook that CNPG waits for.
  public void warn(Cluster cluster, List<Problem> problems) {
    for (var problem : problems) {
      var event = ObjectEvent.of(EventSubject.of(cluster), problem, clock.instant());
      if (isDue(event)) {
        executor.execute(() -> send(event));
      }
    }
  }

  private boolean isDue(ObjectEvent event) {
    var now = event.time();
    if (said.size() > MOST_REMEMBERED) {
      said.clear();
    }
    var key = event.key();
    var before = said.put(key, now);
    if (before != null && now.isBefore(before.plus(SILENCE))) {
      said.put(key, before);
      return false;
    }
    return true;
  }

  private void send(ObjectEvent event) {
    var cluster = event.subject().name();
    try {
      if (writer.create(event)) {
        LOG.info(
            "wrote an event",
            "cluster",
            cluster,
            "reason",
            event.problem().reason().word(),
            "message",
            event.problem().message());
      } else {
        writer.repeat(event);
      }
    } catch (KubernetesClientException e) {
      LOG.warning("an event was not written", "cluster", cluster, "cause", e.getMessage());
    }
  }
}
