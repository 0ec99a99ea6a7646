package com.dalibo.pgbackrest.operator.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class InformersTest {

  private static final Map<String, String> LABELS = Map.of("managed-by", "us");

  KubernetesClient client;

  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

  @Test
  void theRolesAndBindingsWithTheLabelAreFollowed() throws Exception {
    role("there", LABELS, "secrets");
    role("of-another", Map.of("managed-by", "another"), "secrets");
    try (var informers = new Informers(client, Clock.systemUTC())) {
      informers.permissions(
          LABELS,
          object -> told.add("seen " + object.getKind() + " " + name(object)),
          (kind, key) -> told.add("gone " + kind + " " + key));
      assertThat(next()).isEqualTo("seen Role there");

      client
          .resource(
              new RoleBindingBuilder()
                  .withNewMetadata()
                  .withName("new")
                  .withNamespace("default")
                  .withLabels(LABELS)
                  .endMetadata()
                  .withNewRoleRef("rbac.authorization.k8s.io", "Role", "there")
                  .build())
          .create();
      assertThat(next()).isEqualTo("seen RoleBinding new");

      var role = client.rbac().roles().inNamespace("default").withName("there");
      role.edit(
          it -> {
            it.getRules().getFirst().setResources(List.of("configmaps"));
            return it;
          });
      assertThat(next()).isEqualTo("seen Role there");

      role.delete();
      assertThat(next()).isEqualTo("gone Role default/there");
      var binding = client.rbac().roleBindings().inNamespace("default").withName("new");
      watched(binding);
      assertThat(next()).isEqualTo("seen RoleBinding new");
      binding.delete();
      assertThat(next()).isEqualTo("gone RoleBinding default/new");
      assertThat(told).isEmpty();
    }
  }

  @Test
  void aStanzaIsKnownUntilItIsRemoved() throws Exception {
    var inventory = new Inventory();
    var key = new ObjectKey("default", "main");
    var stanza = new GenericKubernetesResource();
    stanza.setApiVersion("pgbackrest.dalibo.com/v1");
    stanza.setKind("Stanza");
    stanza.setMetadata(new ObjectMetaBuilder().withName("main").withNamespace("default").build());
    try (var informers = new Informers(client, Clock.systemUTC())) {
      informers.fill(inventory, () -> told.add("changed"));
      var stanzas = client.genericKubernetesResources(Kinds.STANZAS).inNamespace("default");
      stanzas.resource(stanza).create();
      assertThat(next()).isEqualTo("changed");
      assertThat(inventory.stanza(key)).isPresent();

      watched(stanzas.withName("main"));
      assertThat(next()).isEqualTo("changed");
      stanzas.resource(stanza).delete();
      assertThat(next()).isEqualTo("changed");
      assertThat(inventory.stanza(key)).isEmpty();
    }
  }

  @Test
  void aPodOfAnInstanceIsKnownWithItsSidecarUntilItIsRemoved() throws Exception {
    var inventory = new Inventory();
    var key = new ObjectKey("default", "app-1");
    client.resource(pod("app-1", "instance")).create();
    client.resource(pod("app-pooler", "pooler")).create();
    try (var informers = new Informers(client, Clock.systemUTC())) {
      informers.fill(inventory, () -> {});
      until(() -> inventory.pods().pod(key).isPresent());
      assertThat(inventory.pods().pod(key).orElseThrow())
          .returns("app", InstancePod::cluster)
          .returns(Optional.of(new ResourceRequirements()), InstancePod::sidecar);

      var app = client.pods().inNamespace("default").withName("app-1");
      app.edit(
          it -> {
            it.getStatus().setQosClass("Burstable");
            return it;
          });
      until(() -> !inventory.pods().pod(key).orElseThrow().isBestEffort());
      app.withGracePeriod(0).delete();
      until(() -> inventory.pods().pod(key).isEmpty());
      assertThat(inventory.pods().pod(new ObjectKey("default", "app-pooler"))).isEmpty();
    }
  }

  /// Changes an object that the list has told of, so that what is told next comes from the watch.
  /// This server tells a watch what there is when it begins, but not what was removed since the
  /// list, as an API server does.
  private static <T extends HasMetadata> void watched(Resource<T> object) {
    object.edit(
        it -> {
          it.getMetadata().setAnnotations(Map.of("changed", "yes"));
          return it;
        });
  }

  private static Pod pod(String name, String role) {
    return Serialization.unmarshal(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, namespace: default, creationTimestamp: '2026-11-29T10:00:00Z', labels: {cnpg.io/cluster: app, cnpg.io/podRole: %s}}
        spec: {initContainers: [{name: pgbackrest-plugin}], containers: [{name: postgres}]}
        status: {qosClass: BestEffort, phase: Running}
        """
            .formatted(name, role),
        Pod.class);
  }

  private static void until(BooleanSupplier condition) throws InterruptedException {
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(20);
    }
  }

  @Test
  void whatTheApiServerKeepsForItselfIsNotKept() throws Exception {
    var fields = new ManagedFieldsEntry();
    fields.setManager("kubectl");
    client
        .resource(
            new RoleBuilder()
                .withNewMetadata()
                .withName("there")
                .withNamespace("default")
                .withLabels(LABELS)
                .withManagedFields(fields)
                .endMetadata()
                .build())
        .create();
    assertThat(client.rbac().roles().inNamespace("default").withName("there").get())
        .extracting(role -> role.getMetadata().getManagedFields())
        .isEqualTo(List.of(fields));
    try (var informers = new Informers(client, Clock.systemUTC())) {
      informers.permissions(
          LABELS,
          object -> told.add("managed by " + object.getMetadata().getManagedFields()),
          (kind, key) -> told.add("gone " + kind + " " + key));
      assertThat(next()).isEqualTo("managed by []");
    }
  }

  private static String name(HasMetadata object) {
    return object.getMetadata().getName()
        + (object instanceof Role role && role.getRules().isEmpty() ? " without rules" : "");
  }

  private void role(String name, Map<String, String> labels, String resource) {
    client
        .resource(
            new RoleBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .withLabels(labels)
                .endMetadata()
                .addNewRule()
                .withApiGroups("")
                .withResources(resource)
                .withVerbs("get")
                .endRule()
                .build())
        .create();
  }

  private String next() throws InterruptedException {
    return String.valueOf(told.poll(20, TimeUnit.SECONDS));
  }
}
