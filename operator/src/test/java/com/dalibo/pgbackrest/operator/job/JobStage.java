package com.dalibo.pgbackrest.operator.job;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.operator.TestClock;
import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatusBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// An object about which Jobs are made, and the Jobs.
public class JobStage {
  public final KubernetesClient client;
  public final Inventory inventory = new Inventory();
  public final TestClock clock;

  private final ResourceDefinitionContext kind;
  private final String name;

  public JobStage(
      KubernetesClient client, Instant now, ResourceDefinitionContext kind, String name) {
    this.client = client;
    this.clock = new TestClock(now);
    this.kind = kind;
    this.name = name;
    inventory.completeWhen(() -> true);
    inventory.clustersKnownWhen(() -> true);
  }

  // -- the object --------------------------------------------------------------------------------

  /// In place of the one that is there.
  public void put(String yaml) {
    var object =
        client.getKubernetesSerialization().unmarshal(yaml, GenericKubernetesResource.class);
    var objects = client.genericKubernetesResources(kind).inNamespace("default");
    objects.withName(name).delete();
    objects.resource(object).create();
  }

  public GenericKubernetesResource object() {
    return client.genericKubernetesResources(kind).inNamespace("default").withName(name).get();
  }

  /// As an informer reads it.
  ///
  /// @param server sets what only an API server would
  public String json(Consumer<GenericKubernetesResource> server) {
    var object = object();
    server.accept(object);
    return client.getKubernetesSerialization().asJson(object);
  }

  public String status() {
    return client.getKubernetesSerialization().asJson(statusFields());
  }

  public Map<?, ?> statusFields() {
    return object().getAdditionalProperties().get("status") instanceof Map<?, ?> status
        ? status
        : Map.of();
  }

  public List<?> conditions() {
    return statusFields().get("conditions") instanceof List<?> conditions ? conditions : List.of();
  }

  /// The key of an object in the namespace.
  public static ObjectKey key(String name) {
    return new ObjectKey("default", name);
  }

  // -- its Jobs ----------------------------------------------------------------------------------

  public List<Job> jobs() {
    return client.batch().v1().jobs().inNamespace("default").list().getItems();
  }

  public PodSpec podOfFirst() {
    return jobs().getFirst().getSpec().getTemplate().getSpec();
  }

  /// Of the youngest Job.
  public String request() {
    var pod = jobs().getLast().getSpec().getTemplate().getSpec();
    return pod.getContainers().getFirst().getEnv().stream()
        .filter(variable -> variable.getName().equals("PLUGIN_INSPECTION_REQUEST"))
        .findFirst()
        .orElseThrow()
        .getValue();
  }

  /// Kubernetes stops the first Job.
  public void stopFirst() {
    var stopped =
        new JobStatusBuilder()
            .addNewCondition()
            .withType("Failed")
            .withStatus("True")
            .withReason("DeadlineExceeded")
            .endCondition()
            .build();
    client
        .batch()
        .v1()
        .jobs()
        .inNamespace("default")
        .resource(new JobBuilder(jobs().getFirst()).withStatus(stopped).build())
        .update();
  }

  // -- beside them -------------------------------------------------------------------------------

  /// A Cluster that archives to the Stanza `main`.
  public void archivingCluster() {
    inventory.putCluster(
        key("demo"),
        Cluster.parse(
            """
            {"metadata": {"name": "demo", "namespace": "default", "uid": "c"}, "spec": {"plugins": [
              {"name": "pgbackrest.dalibo.com", "isWALArchiver": true, "parameters": {"stanzaRef": "main"}}]}}
            """
                .getBytes(StandardCharsets.UTF_8)));
  }

  /// The rules of a Role, one a line: `secrets [s3-keys] [get]`.
  public List<String> rules(String role) {
    return client.rbac().roles().inNamespace("default").withName(role).get().getRules().stream()
        .map(JobStage::line)
        .toList();
  }

  private static String line(PolicyRule rule) {
    return "%s %s %s"
        .formatted(rule.getResources().getFirst(), rule.getResourceNames(), rule.getVerbs());
  }
}
