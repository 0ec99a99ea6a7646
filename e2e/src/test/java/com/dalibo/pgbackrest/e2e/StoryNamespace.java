package com.dalibo.pgbackrest.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.ByteArrayInputStream;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// A namespace of its own on the cluster that KUBECONFIG points to, and what a person does there
/// with kubectl: apply, change, look, ask the database. Prints what happens with the seconds since
/// it began.
class StoryNamespace implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final KubernetesClient client = new KubernetesClientBuilder().build();
  private final Instant began = Instant.now();
  private final String namespace;

  /// A namespace of a name of its own: that of the last story may take minutes to go, since
  /// PostgreSQL waits for a backup that runs before it stops.
  StoryNamespace(String name) {
    namespace = name + "-" + Long.toString(began.toEpochMilli(), Character.MAX_RADIX);
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
        .create();
  }

  String namespace() {
    return namespace;
  }

  KubernetesClient client() {
    return client;
  }

  void say(String what) {
    double seconds = Duration.between(began, Instant.now()).toMillis() / 1000.0;
    System.out.printf("%-24s %7.1f s  %s%n", namespace, seconds, what);
  }

  void apply(Manifest manifest) {
    for (HasMetadata resource :
        client
            .load(new ByteArrayInputStream(manifest.yaml().getBytes(StandardCharsets.UTF_8)))
            .items()) {
      client
          .resource(resource)
          .inNamespace(namespace)
          .patch(
              new PatchContext.Builder()
                  .withPatchType(PatchType.SERVER_SIDE_APPLY)
                  .withFieldManager("story")
                  .withForce(true)
                  .withFieldValidation("Strict")
                  .build());
      say("applied " + resource.getKind() + " " + resource.getMetadata().getName());
    }
  }

  void delete(String kind, String name) {
    client
        .genericKubernetesResources(Kind.apiVersion(kind), kind)
        .inNamespace(namespace)
        .withName(name)
        .delete();
    say("deleted " + kind + " " + name);
  }

  void mergePatch(String kind, String name, String json) {
    client
        .genericKubernetesResources(Kind.apiVersion(kind), kind)
        .inNamespace(namespace)
        .withName(name)
        .patch(PatchContext.of(PatchType.JSON_MERGE), json);
    say("changed " + kind + " " + name);
  }

  void annotate(String kind, String name, String annotation, String value) {
    mergePatch(
        kind,
        name,
        "{\"metadata\":{\"annotations\":{\"%s\":\"%s\"}}}".formatted(annotation, value));
  }

  /// The object, or a missing node where there is none.
  JsonNode get(String kind, String name) {
    try {
      String json = client.raw(Kind.path(kind, namespace, name));
      return json == null ? missing() : JSON.readTree(json);
    } catch (KubernetesClientException failure) {
      if (failure.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return missing();
      }
      throw failure;
    } catch (com.fasterxml.jackson.core.JsonProcessingException failure) {
      throw new IllegalStateException(failure);
    }
  }

  JsonNode list(String kind) {
    return get(kind, "");
  }

  /// Names of all containers of a pod, native sidecars included.
  List<String> containers(String pod) {
    JsonNode spec = get("Pod", pod).path("spec");
    List<String> names = new java.util.ArrayList<>();
    spec.path("initContainers").forEach(c -> names.add(c.path("name").asText()));
    spec.path("containers").forEach(c -> names.add(c.path("name").asText()));
    return names;
  }

  String sidecarImage(String pod) {
    for (JsonNode container : get("Pod", pod).path("spec").path("initContainers")) {
      if (container.path("name").asText().equals("pgbackrest-plugin")) {
        return container.path("image").asText();
      }
    }
    return "";
  }

  String events() {
    StringBuilder text = new StringBuilder();
    for (JsonNode event : list("Event").path("items")) {
      text.append(event.path("involvedObject").path("kind").asText())
          .append('/')
          .append(event.path("involvedObject").path("name").asText())
          .append(' ')
          .append(event.path("reason").asText())
          .append(": ")
          .append(event.path("message").asText())
          .append('\n');
    }
    return text.toString();
  }

  String log(String pod, String container) {
    return client.pods().inNamespace(namespace).withName(pod).inContainer(container).getLog();
  }

  String psql(String pod, String sql) {
    return exec(
        pod, "postgres", "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", "postgres", "-c", sql);
  }

  String exec(String pod, String container, String... command) {
    return new PodCommand(client, namespace, pod, container).run(command);
  }

  @Override
  public void close() {
    client.namespaces().withName(namespace).delete();
    client.close();
  }

  private static JsonNode missing() {
    return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
  }
}
