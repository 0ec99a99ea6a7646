package com.dalibo.pgbackrest.operator.status;

import com.dalibo.pgbackrest.cnpgi.Plugin;
import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.stanza.api.Problem;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/// Says on a Cluster what is wrong with its use of the plugin, once and then every ten minutes.
public final class ClusterEvents {

  private static final Duration SILENCE = Duration.ofMinutes(10);
  private static final int MOST_REMEMBERED = 10_000;
  private static final Log LOG = Log.of(ClusterEvents.class);

  private final KubernetesClient client;
  private final InstantSource clock;
  private final Executor executor;
  private final Map<String, Instant> said = new ConcurrentHashMap<>();

  public ClusterEvents(KubernetesClient client, InstantSource clock, Executor executor) {
    this.client = client;
    this.clock = clock;
    this.executor = executor;
  }

  /// Returns at once; the caller is a hook that CNPG waits for.
  public void warn(Cluster cluster, List<Problem> problems) {
    for (var problem : problems) {
      var event = event(cluster, problem);
      if (isDue(event)) {
        executor.execute(() -> send(event));
      }
    }
  }

  private boolean isDue(Event event) {
    var now = clock.instant();
    if (said.size() > MOST_REMEMBERED) {
      said.clear();
    }
    var key = event.getMetadata().getNamespace() + "/" + event.getMetadata().getName();
    var before = said.put(key, now);
    if (before != null && now.isBefore(before.plus(SILENCE))) {
      said.put(key, before);
      return false;
    }
    return true;
  }

  // The name follows from the content, so that both replicas write the same Event.
  private Event event(Cluster cluster, Problem problem) {
    var content = cluster.uid() + "\n" + problem.reason() + "\n" + problem.message();
    var id = UUID.nameUUIDFromBytes(content.getBytes(StandardCharsets.UTF_8)).toString();
    var now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    return new EventBuilder()
        .withNewMetadata()
        .withNamespace(cluster.namespace())
        .withName(cluster.name() + "." + id)
        .endMetadata()
        .withNewInvolvedObject()
        .withApiVersion(Cluster.API_VERSION)
        .withKind("Cluster")
        .withNamespace(cluster.namespace())
        .withName(cluster.name())
        .withUid(cluster.uid())
        .endInvolvedObject()
        .withType("Warning")
        .withReason(problem.reason().word())
        .withMessage(problem.message())
        .withNewSource()
        .withComponent(Plugin.NAME)
        .endSource()
        .withFirstTimestamp(now)
        .withLastTimestamp(now)
        .withCount(1)
        .build();
  }

  private void send(Event event) {
    try {
      create(event);
    } catch (KubernetesClientException e) {
      LOG.warning(
          "an event was not written",
          "cluster",
          event.getInvolvedObject().getName(),
          "cause",
          e.getMessage());
    }
  }

  private void create(Event event) {
    try {
      client.resource(event).create();
      LOG.info(
          "wrote an event",
          "cluster",
          event.getInvolvedObject().getName(),
          "reason",
          event.getReason(),
          "message",
          event.getMessage());
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      client
          .v1()
          .events()
          .inNamespace(event.getMetadata().getNamespace())
          .withName(event.getMetadata().getName())
          .patch(
              io.fabric8.kubernetes.client.dsl.base.PatchContext.of(
                  io.fabric8.kubernetes.client.dsl.base.PatchType.JSON_MERGE),
              "{\"lastTimestamp\":\"" + event.getLastTimestamp() + "\"}");
    }
  }
}
