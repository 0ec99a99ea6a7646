package com.dalibo.pgbackrest.operator.drill.run;

import com.dalibo.pgbackrest.cnpgi.log.Log;
import com.dalibo.pgbackrest.operator.inventory.Kinds;
import com.dalibo.pgbackrest.operator.inventory.Refusal;
import com.dalibo.pgbackrest.operator.inventory.ServerMessage;
import com.dalibo.pgbackrest.stanza.api.InvalidStanzaException;
import com.dalibo.pgbackrest.stanza.api.Metadata;
import com.dalibo.pgbackrest.stanza.api.Stanza;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrill;
import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRun;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Listable;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.net.HttpURLConnection;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// The objects of drills in the API server.
public final class DrillObjects {

  private static final Log LOG = Log.of(DrillObjects.class);

  /// The last lines of a log are enough: a recovery reports its end there.
  private static final int LINES = 2000;

  private final KubernetesClient client;

  public DrillObjects(KubernetesClient client) {
    this.client = client;
  }

  private interface Reading<T> {
    T read(JsonObject json) throws InvalidStanzaException;
  }

  /// Whether a retry would be refused too, as it would where the kind or the namespace is not
  /// there.
  static boolean isRefusal(KubernetesClientException e) {
    return (Refusal.is(e) || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) && !isQuota(e);
  }

  /// Whether a quota is full, of which others may return a part.
  static boolean isQuota(KubernetesClientException e) {
    return e.getCode() == HttpURLConnection.HTTP_FORBIDDEN
        && ServerMessage.of(e).contains("exceeded quota");
  }

  /// A drill as it is now; empty if it is gone, being deleted, or cannot be read.
  public Optional<RestoreDrill> drill(String namespace, String name) {
    return Optional.ofNullable(
            client
                .genericKubernetesResources(Kinds.RESTORE_DRILLS)
                .inNamespace(namespace)
                .withName(name)
                .get())
        .flatMap(object -> read(object, RestoreDrill::parse));
  }

  /// A run as it is now that neither has an owner, with which Kubernetes would remove it, nor a
  /// drill of the name that it gives; empty if there is none.
  public Optional<RestoreDrillRun> orphan(String namespace, String name) {
    return Optional.ofNullable(
            client
                .genericKubernetesResources(Kinds.RESTORE_DRILL_RUNS)
                .inNamespace(namespace)
                .withName(name)
                .get())
        .filter(run -> run.getMetadata().getOwnerReferences().isEmpty())
        .flatMap(run -> read(run, RestoreDrillRun::parse))
        .filter(run -> !isThere(Kinds.RESTORE_DRILLS, namespace, run.spec().drillRef()));
  }

  private boolean isThere(ResourceDefinitionContext kind, String namespace, String name) {
    return client.genericKubernetesResources(kind).inNamespace(namespace).withName(name).get()
        != null;
  }

  /// The runs of a drill as they are now.
  public List<RestoreDrillRun> runs(RestoreDrill drill) {
    var all = client.genericKubernetesResources(Kinds.RESTORE_DRILL_RUNS);
    return runs(all.inNamespace(drill.namespace()))
        .filter(run -> run.spec().drillRef().equals(drill.name()))
        .toList();
  }

  /// The runs of all drills as they are now.
  List<RestoreDrillRun> runs() {
    return runs(client.genericKubernetesResources(Kinds.RESTORE_DRILL_RUNS).inAnyNamespace())
        .toList();
  }

  private Stream<RestoreDrillRun> runs(Listable<GenericKubernetesResourceList> these) {
    return these.list().getItems().stream()
        .flatMap(object -> read(object, RestoreDrillRun::parse).stream());
  }

  private <T> Optional<T> read(GenericKubernetesResource object, Reading<T> reading) {
    // What is being deleted is left to Kubernetes.
    if (object.getMetadata().getDeletionTimestamp() != null) {
      return Optional.empty();
    }
    try {
      return Optional.of(reading.read(json(object)));
    } catch (InvalidStanzaException e) {
      LOG.warning(
          "an object was left out",
          "namespace",
          object.getMetadata().getNamespace(),
          "cause",
          e.getMessage());
      return Optional.empty();
    }
  }

  /// Creates an object, unless one of its name is there.
  ///
  /// @return whether it was created
  public boolean create(ResourceDefinitionContext kind, JsonObject object) {
    try {
      var resource =
          client
              .getKubernetesSerialization()
              .unmarshal(object.toString(), GenericKubernetesResource.class);
      client
          .genericKubernetesResources(kind)
          .inNamespace(resource.getMetadata().getNamespace())
          .resource(resource)
          .create();
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return false;
      }
      throw e;
    }
  }

  /// Creates an object, unless one of its name is there.
  void create(HasMetadata object) {
    try {
      client.resource(object).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
    }
  }

  /// Writes the status of an object that is still as it was read.
  ///
  /// @return the object as it is now; empty if it is no longer as it was read
  public Optional<JsonObject> patchStatus(
      ResourceDefinitionContext kind,
      String namespace,
      String name,
      String resourceVersion,
      JsonObject status) {
    var metadata = new JsonObject();
    metadata.addProperty("resourceVersion", resourceVersion);
    var patch = new JsonObject();
    patch.add("metadata", metadata);
    patch.add("status", status);
    try {
      return Optional.of(
          json(
              client
                  .genericKubernetesResources(kind)
                  .inNamespace(namespace)
                  .withName(name)
                  .subresource("status")
                  .patch(PatchContext.of(PatchType.JSON_MERGE), patch.toString())));
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT
          || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  Optional<JsonObject> cluster(String namespace, String name) {
    return Optional.ofNullable(
            client
                .genericKubernetesResources(Kinds.CLUSTERS)
                .inNamespace(namespace)
                .withName(name)
                .get())
        .map(this::json);
  }

  void deleteCluster(String namespace, String name) {
    client
        .genericKubernetesResources(Kinds.CLUSTERS)
        .inNamespace(namespace)
        .withName(name)
        .delete();
  }

  Optional<Job> job(String namespace, String name) {
    return Optional.ofNullable(
        client.batch().v1().jobs().inNamespace(namespace).withName(name).get());
  }

  void deleteJob(String namespace, String name) {
    client.batch().v1().jobs().inNamespace(namespace).withName(name).delete();
  }

  /// Whether an object was created for a run, and not by someone else before.
  static boolean isOf(RestoreDrillRun run, HasMetadata object) {
    return object.getMetadata().getOwnerReferences().stream()
        .anyMatch(owner -> Objects.equals(owner.getUid(), run.metadata().uid()));
  }

  /// Whether a Cluster was created for a run, and not by someone else before.
  static boolean isOf(RestoreDrillRun run, JsonObject cluster) {
    return cluster.getAsJsonObject("metadata").get("ownerReferences") instanceof JsonArray owners
        && owners.asList().stream()
            .anyMatch(owner -> text(owner.getAsJsonObject(), "uid").equals(run.metadata().uid()));
  }

  /// The text of a field; empty where there is none.
  static String text(JsonObject object, String field) {
    return object.get(field) instanceof JsonPrimitive value ? value.getAsString() : "";
  }

  public void deleteRun(RestoreDrillRun run) {
    client
        .genericKubernetesResources(Kinds.RESTORE_DRILL_RUNS)
        .inNamespace(run.namespace())
        .withName(run.name())
        .delete();
  }

  /// The pods with a label; none where they may not be listed.
  List<Pod> pods(String namespace, Map<String, String> labels) {
    try {
      return client.pods().inNamespace(namespace).withLabels(labels).list().getItems();
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
        return List.of();
      }
      throw e;
    }
  }

  /// The last lines of the log of a container; none where there is no log, or it may not be read.
  ///
  /// @throws KubernetesClientException if it cannot be read now
  List<String> log(Pod pod, String container) {
    try {
      var text =
          client
              .pods()
              .inNamespace(pod.getMetadata().getNamespace())
              .withName(pod.getMetadata().getName())
              .inContainer(container)
              .tailingLines(LINES)
              .getLog();
      return text == null || text.isEmpty() ? List.of() : Arrays.asList(text.split("\n"));
    } catch (KubernetesClientException e) {
      return noneIfRefused(e);
    }
  }

  /// The events about objects whose name begins with that of a Cluster, oldest first; none where
  /// they may not be listed.
  ///
  /// @throws KubernetesClientException if they cannot be listed now
  List<Event> events(String namespace, String name) {
    try {
      return client.v1().events().inNamespace(namespace).list().getItems().stream()
          .filter(event -> isAbout(event, name))
          .sorted(Comparator.comparing(DrillObjects::time))
          .toList();
    } catch (KubernetesClientException e) {
      return noneIfRefused(e);
    }
  }

  /// What an outage hides is asked for again: a report without it would be false.
  private static <T> List<T> noneIfRefused(KubernetesClientException e) {
    if (isRefusal(e)) {
      return List.of();
    }
    throw e;
  }

  /// The same without those about a former Cluster of this name, which Kubernetes keeps for an
  /// hour.
  ///
  /// @param uid of the Cluster
  List<Event> events(String namespace, String name, String uid) {
    return events(namespace, name).stream().filter(event -> !isOfAnother(event, uid)).toList();
  }

  private static boolean isOfAnother(Event event, String uid) {
    var about = event.getInvolvedObject();
    var its = Objects.toString(about.getUid(), "");
    return "Cluster".equals(about.getKind()) && !its.isEmpty() && !its.equals(uid);
  }

  /// When an event was seen last.
  static String time(Event event) {
    var last = event.getLastTimestamp();
    return last != null ? last : Objects.toString(event.getMetadata().getCreationTimestamp(), "");
  }

  private static boolean isAbout(Event event, String name) {
    var about = event.getInvolvedObject().getName();
    return about != null && (about.equals(name) || about.startsWith(name + "-"));
  }

  /// A reference to the owner of an object, with which Kubernetes removes the object.
  ///
  /// @param kind of the owner
  public static JsonObject owner(String kind, Metadata metadata) {
    var owner = new JsonObject();
    owner.addProperty("apiVersion", Stanza.API_VERSION);
    owner.addProperty("kind", kind);
    owner.addProperty("name", metadata.name());
    owner.addProperty("uid", Objects.toString(metadata.uid(), ""));
    owner.addProperty("controller", true);
    return owner;
  }

  private JsonObject json(Object object) {
    return JsonParser.parseString(client.getKubernetesSerialization().asJson(object))
        .getAsJsonObject();
  }
}
