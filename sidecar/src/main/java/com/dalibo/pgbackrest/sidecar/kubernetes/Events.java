package com.dalibo.pgbackrest.sidecar.kubernetes;

import com.dalibo.pgbackrest.cnpgi.Plugin;
import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.sidecar.remedy.StoreRemedy;
import com.dalibo.pgbackrest.stanza.api.reason.Reason;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// What the user should find in `kubectl describe` of a Cluster, Stanza or Backup. Posted aside: an
/// event that cannot be posted costs the caller nothing, and the same news is not told again within
/// ten minutes.
public final class Events {

  private static final int LONGEST = 1024;

  private static final Log log = Log.named("events");

  private final KubernetesApi api;
  private final String podName;
  private final Set<Thread> sending = ConcurrentHashMap.newKeySet();
  private final RecentEvents recent = new RecentEvents(Duration.ofMinutes(10));

  public Events(KubernetesApi api, String podName) {
    this.api = api;
    this.podName = podName;
  }

  public void warning(Cluster cluster, Reason reason, String message) {
    warning(ObjectReference.of(cluster), reason, message);
  }

  public void normal(Cluster cluster, Reason reason, String message) {
    normal(ObjectReference.of(cluster), reason, message);
  }

  public void warning(ObjectReference about, Reason reason, String message) {
    post(about, "Warning", reason, message);
  }

  public void normal(ObjectReference about, Reason reason, String message) {
    post(about, "Normal", reason, message);
  }

  private void post(ObjectReference about, String type, Reason reason, String message) {
    var now = Instant.now();
    if (!recent.isNews(reason, about.kind() + about.name() + message, now)) {
      return;
    }
    var event = event(about, type, reason, message, now.truncatedTo(ChronoUnit.SECONDS));
    var thread = Thread.ofVirtual().unstarted(() -> send(about.namespace(), event));
    sending.add(thread);
    thread.start();
  }

  /// Waits for what is being posted, for a process that ends.
  public void awaitPosted(Duration most) throws InterruptedException {
    for (var thread : List.copyOf(sending)) {
      var _ = thread.join(most);
    }
  }

  private void send(String namespace, JsonObject event) {
    try {
      api.create("/api/v1/namespaces/%s/events".formatted(namespace), event);
    } catch (KubernetesException refusal) {
      log.debug("event not posted", "cause", refusal.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      sending.remove(Thread.currentThread());
    }
  }

  private JsonObject event(
      ObjectReference about, String type, Reason reason, String message, Instant at) {
    var metadata = new JsonObject();
    metadata.addProperty("name", about.name() + "." + UUID.randomUUID());
    metadata.addProperty("namespace", about.namespace());
    var source = new JsonObject();
    source.addProperty("component", Plugin.NAME);
    source.addProperty("host", podName);
    var event = new JsonObject();
    event.addProperty("apiVersion", "v1");
    event.addProperty("kind", "Event");
    event.add("metadata", metadata);
    event.add("involvedObject", about.reference());
    event.add("source", source);
    event.addProperty("type", type);
    event.addProperty("reason", reason.word());
    event.addProperty("message", shortened(message));
    event.addProperty("firstTimestamp", at.toString());
    event.addProperty("lastTimestamp", at.toString());
    event.addProperty("count", 1);
    event.addProperty("reportingComponent", Plugin.NAME);
    event.addProperty("reportingInstance", podName);
    return event;
  }

  /// What helps stands at the end.
  static String shortened(String message) {
    if (message.length() <= LONGEST) {
      return message;
    }
    var remedy = message.lastIndexOf(StoreRemedy.REMEDY);
    var end = remedy < 0 ? "" : " ..." + message.substring(remedy);
    return end.length() >= LONGEST
        ? message.substring(0, LONGEST)
        : message.substring(0, LONGEST - end.length()) + end;
  }
}
