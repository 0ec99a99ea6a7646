package com.dalibo.pgbackrest.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.cnpgi.UnaryCall;
import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.cnpgi.proto.reconciler.ReconcilerHooksRequest;
import com.dalibo.pgbackrest.cnpgi.proto.reconciler.ReconcilerHooksResult;
import com.dalibo.pgbackrest.operator.inventory.Inventory;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.dalibo.pgbackrest.operator.permissions.OwnedObjects;
import com.dalibo.pgbackrest.operator.permissions.RoleGrants;
import com.dalibo.pgbackrest.operator.status.ClusterEvents;
import com.dalibo.pgbackrest.operator.status.ClusterProblems;
import com.dalibo.pgbackrest.operator.status.ClusterStatusText;
import com.dalibo.pgbackrest.operator.status.Validation;
import com.dalibo.pgbackrest.stanza.rendering.StanzaValidation;
import com.google.protobuf.ByteString;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class ReconcilerHooksServiceTest {

  KubernetesClient client;

  private final TestClock clock = new TestClock(Instant.parse("2026-11-01T00:00:00Z"));

  @Test
  void aClusterGetsItsRightsAndCnpgGoesOn() throws Exception {
    var given = InjectionCase.named("instance");

    var result = pre(given.cluster(), given.inventory());

    assertThat(result.getBehavior()).isEqualTo(ReconcilerHooksResult.Behavior.BEHAVIOR_CONTINUE);
    var role =
        client.rbac().roles().inNamespace("default").withName("pgbackrest.dalibo.com:demo").get();
    assertThat(role.getRules()).hasSize(6);
    assertThat(events()).isEmpty();
  }

  @Test
  void aMissingStanzaIsAnEventOnTheClusterAndHoldsNothingUp() throws Exception {
    var given = InjectionCase.named("instance-before-its-stanza");

    var result = pre(given.cluster(), given.inventory());

    assertThat(result.getBehavior()).isEqualTo(ReconcilerHooksResult.Behavior.BEHAVIOR_CONTINUE);
    assertThat(events())
        .extracting(Event::getReason, Event::getMessage)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                "StanzaMissing",
                "there is no Stanza 'stanza-sample' in namespace 'default', which the cluster"
                    + " refers to; create it"));
  }

  @Test
  void anUnknownParameterIsAnEventOnTheCluster() throws Exception {
    var given = InjectionCase.named("instance-with-an-unknown-parameter");

    pre(given.cluster(), given.inventory());

    assertThat(events()).extracting(Event::getReason).containsExactly("ParameterUnknown");
  }

  @Test
  void aMemoryLimitWithWhichNothingWorksIsAnEventOnTheCluster() throws Exception {
    var given = InjectionCase.named("instance-with-resources");
    var inventory = given.inventory();
    pre(given.cluster(), inventory);
    assertThat(events()).isEmpty();

    for (var limit : List.of("40Mi", "60000000", "0.04G")) {
      inventory.putPluginConfig(
          new ObjectKey("default", "sized"),
          """
          {"metadata": {"name": "sized"},
           "spec": {"resourcesRequirement": {"limits": {"memory": "%s"}}}}
          """
              .formatted(limit));
      pre(given.cluster(), inventory);

      assertThat(events())
          .anySatisfy(
              event ->
                  assertThat(event.getMessage())
                      .startsWith(
                          "PluginConfig 'sized' allows the sidecar %s of memory".formatted(limit)));
    }
  }

  @Test
  void aRequestAboveItsLimitIsAnEventOnTheCluster() throws Exception {
    var given = InjectionCase.named("instance-with-resources");
    var inventory = given.inventory();
    inventory.putPluginConfig(
        new ObjectKey("default", "sized"),
        """
        {"metadata": {"name": "sized"}, "spec": {"resourcesRequirement": {
          "limits": {"cpu": 1, "memory": "128Mi"}, "requests": {"cpu": "1500m", "memory": "128Mi"}}}}
        """);

    pre(given.cluster(), inventory);

    assertThat(events())
        .extracting(Event::getReason, Event::getMessage)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                "RequestAboveLimit",
                "PluginConfig 'sized' requests 1500m of cpu for the sidecar and allows it 1, so"
                    + " that Kubernetes refuses every new pod: correct spec.resourcesRequirement,"
                    + " where no request may be above its limit"));
  }

  /// The quota may count a pod that was just replaced, for a moment.
  @Test
  void aQuotaWithoutRoomForTheRolloutIsAnEventOnceThePodsAreSettled() throws Exception {
    var given = InjectionCase.named("instance-with-resources");
    var inventory = given.inventory();
    inventory
        .limits()
        .putQuota(
            new ObjectKey("default", "compute"),
            Serialization.unmarshal(
                """
                metadata: {name: compute, namespace: default}
                spec: {hard: {memory: 1Gi}}
                status: {hard: {memory: 1Gi}, used: {memory: 1Gi}}
                """,
                ResourceQuota.class));
    pre(given.cluster(), inventory);
    assertThat(events()).isEmpty();
    inventory
        .pods()
        .put(
            new ObjectKey("default", "demo-1"),
            Serialization.unmarshal(
                """
                metadata: {name: demo-1, creationTimestamp: '%s', labels: {cnpg.io/cluster: demo}}
                spec: {containers: [{name: postgres}]}
                """
                    .formatted(clock.instant()),
                Pod.class));
    pre(given.cluster(), inventory);
    assertThat(events()).isEmpty();

    clock.advance(Duration.ofMinutes(1));
    pre(given.cluster(), inventory);

    assertThat(events())
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getReason()).isEqualTo("QuotaExhausted");
              assertThat(event.getMessage())
                  .startsWith(
                      "resource quota 'compute' of namespace 'default' has no room for the sidecar in"
                          + " 1 running pod of cluster 'demo', where more of it is needed: ")
                  .contains(" of memory (left: 0). CNPG deletes a pod before");
            });
  }

  /// Its instances have no sidecar, and get none.
  @Test
  void aClusterThatOnlyRecoversRollsNothingOut() throws Exception {
    var given = InjectionCase.named("instance-with-resources");
    var inventory = given.inventory();
    inventory
        .limits()
        .putQuota(
            new ObjectKey("default", "compute"),
            Serialization.unmarshal(
                """
                metadata: {name: compute, namespace: default}
                status: {hard: {memory: 1Gi}, used: {memory: 1Gi}}
                """,
                ResourceQuota.class));
    inventory
        .pods()
        .put(
            new ObjectKey("default", "demo-1"),
            Serialization.unmarshal(
                """
                metadata: {name: demo-1, creationTimestamp: '2020-01-01T00:00:00Z', labels: {cnpg.io/cluster: demo}}
                spec: {containers: [{name: postgres}]}
                """,
                Pod.class));

    pre(
        ByteString.copyFromUtf8(
            """
            {"metadata": {"name": "demo", "namespace": "default", "uid": "u"},
             "spec": {"bootstrap": {"recovery": {"source": "origin"}},
               "externalClusters": [{"name": "origin", "plugin": {"name": "pgbackrest.dalibo.com",
                 "parameters": {"stanzaRef": "stanza-sample", "pluginConfigRef": "sized"}}}]},
             "status": {"currentPrimary": "demo-1"}}
            """),
        inventory);

    assertThat(events()).extracting(Event::getReason).doesNotContain("QuotaExhausted");
  }

  @Test
  void aRoleOfSomebodyElseIsLeftAloneAndNamedInAnEvent() throws Exception {
    var given = InjectionCase.named("instance");
    var taken =
        new RoleBuilder()
            .withNewMetadata()
            .withName("pgbackrest.dalibo.com:demo")
            .withNamespace("default")
            .endMetadata()
            .build();
    client.resource(taken).create();

    pre(given.cluster(), given.inventory());

    assertThat(client.resource(taken).get().getRules()).isEmpty();
    assertThat(client.resource(taken).get().getMetadata().getOwnerReferences()).isEmpty();
    assertThat(events())
        .extracting(Event::getReason, Event::getMessage)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                "NameTaken",
                "the sidecars of Cluster 'demo' have no permissions: there is a Role"
                    + " 'pgbackrest.dalibo.com:demo' that does not belong to the Cluster, and it is"
                    + " left as it is; if it is not needed, remove it: kubectl delete role"
                    + " pgbackrest.dalibo.com:demo --namespace default"));
  }

  @Test
  void theSameProblemIsSaidOnce() throws Exception {
    var given = InjectionCase.named("instance-before-its-stanza");
    var service = service(given.inventory());

    pre(service, given.cluster());
    pre(service, given.cluster());

    assertThat(events()).hasSize(1);
  }

  /// CNPG reconciles few Clusters at a time and would wait for the answer.
  @Test
  void cnpgIsAskedToComeAgainWhereTheApiServerIsSlow() throws Exception {
    var given = InjectionCase.named("instance");
    var cluster =
        ByteString.copyFromUtf8(
            given.cluster().toStringUtf8().replace("currentPrimary", "somethingElse"));
    var granting = new ArrayList<Runnable>();
    var service = service(given.inventory(), granting::add);

    var slow = pre(service, cluster);
    granting.getLast().run();
    var granted = pre(service, cluster);

    assertThat(slow.getBehavior()).isEqualTo(ReconcilerHooksResult.Behavior.BEHAVIOR_REQUEUE);
    assertThat(slow.getRequeueAfter()).isEqualTo(1);
    assertThat(granted.getBehavior()).isEqualTo(ReconcilerHooksResult.Behavior.BEHAVIOR_CONTINUE);
  }

  @Test
  void aClusterWithoutAPrimaryWaitsUntilTheStanzasAreKnown() throws Exception {
    var cluster =
        ByteString.copyFromUtf8(
            InjectionCase.named("instance")
                .cluster()
                .toStringUtf8()
                .replace("currentPrimary", "somethingElse"));

    var result = pre(cluster, new Inventory());

    assertThat(result.getBehavior()).isEqualTo(ReconcilerHooksResult.Behavior.BEHAVIOR_REQUEUE);
    assertThat(result.getRequeueAfter()).isPositive();
  }

  @Test
  void aClusterWithAPrimaryIsNeverHeldUp() throws Exception {
    var cluster = InjectionCase.named("instance").cluster();

    var result = pre(cluster, new Inventory());

    assertThat(result.getBehavior()).isEqualTo(ReconcilerHooksResult.Behavior.BEHAVIOR_CONTINUE);
  }

  /// Whatever it is in what people wrote that nobody thought of.
  @Test
  void whatCannotBeJudgedHoldsNoClusterUp() throws Exception {
    var given = InjectionCase.named("instance");

    var result =
        pre(
            service(
                given.inventory(),
                Runnable::run,
                _ -> {
                  throw new ArithmeticException("overflow");
                }),
            given.cluster());

    assertThat(result.getBehavior()).isEqualTo(ReconcilerHooksResult.Behavior.BEHAVIOR_CONTINUE);
    assertThat(
            client
                .rbac()
                .roles()
                .inNamespace("default")
                .withName("pgbackrest.dalibo.com:demo")
                .get())
        .as("it has its permissions all the same")
        .isNotNull();
  }

  @Test
  void aClusterIsReconciledAgainWithinAMinuteWhileItsStatusIsCurrent() throws Exception {
    var inventory = InjectionCase.named("instance").inventory();
    var service = service(inventory);
    var text = new ClusterStatusText(inventory).of(Cluster.parse(archiving("", ""))).orElseThrow();

    var current = post(service, archiving(text, ""));

    assertThat(current.getBehavior()).isEqualTo(ReconcilerHooksResult.Behavior.BEHAVIOR_REQUEUE);
    assertThat(current.getRequeueAfter()).isBetween(30L, 50L);
    assertThat(post(service, archiving("", "")).getBehavior())
        .as("CNPG asks for the status now, or drops it at each start of a reconciliation")
        .isEqualTo(ReconcilerHooksResult.Behavior.BEHAVIOR_CONTINUE);
    assertThat(post(service, archiving("{}", "")).getBehavior())
        .as("a text that is old")
        .isEqualTo(ReconcilerHooksResult.Behavior.BEHAVIOR_CONTINUE);
    assertThat(post(service, archiving(text, ", {\"name\": \"other.example.org\"}")).getBehavior())
        .as("a plugin that would be skipped")
        .isEqualTo(ReconcilerHooksResult.Behavior.BEHAVIOR_CONTINUE);
    assertThat(
            post(
                    service,
                    archiving(text, ", {\"name\": \"other.example.org\", \"enabled\": false}"))
                .getBehavior())
        .isEqualTo(ReconcilerHooksResult.Behavior.BEHAVIOR_REQUEUE);
  }

  private static ByteString archiving(String status, String otherPlugins) {
    return ByteString.copyFromUtf8(
        """
        {"metadata": {"name": "demo", "namespace": "default"},
         "spec": {"plugins": [{"name": "pgbackrest.dalibo.com", "isWALArchiver": true,
           "parameters": {"stanzaRef": "stanza-sample"}}%s]},
         "status": {"pluginStatus": [{"name": "pgbackrest.dalibo.com", "status": "%s"}]}}
        """
            .formatted(otherPlugins, status.replace("\"", "\\\"")));
  }

  private static ReconcilerHooksResult post(ReconcilerHooksService service, ByteString cluster) {
    var answers = new Answers();
    service.post(
        ReconcilerHooksRequest.newBuilder().setClusterDefinition(cluster).build(), answers);
    return answers.values.getFirst();
  }

  private List<Event> events() {
    return client.v1().events().inNamespace("default").list().getItems();
  }

  private ReconcilerHooksResult pre(ByteString cluster, Inventory inventory) {
    return pre(service(inventory), cluster);
  }

  private ReconcilerHooksService service(Inventory inventory) {
    return service(inventory, Runnable::run);
  }

  private ReconcilerHooksService service(Inventory inventory, Executor executor) {
    return service(inventory, executor, StanzaValidation::problems);
  }

  private ReconcilerHooksService service(
      Inventory inventory, Executor executor, Validation validation) {
    return new ReconcilerHooksService(
        new UnaryCall(GrpcStatus::status),
        inventory,
        new RoleGrants(new OwnedObjects(client)::apply, clock),
        new ClusterProblems(inventory, validation, clock),
        new ClusterEvents(client, clock, Runnable::run),
        new ClusterStatusText(inventory),
        executor);
  }

  private static ReconcilerHooksResult pre(ReconcilerHooksService service, ByteString cluster) {
    var answers = new Answers();
    service.pre(ReconcilerHooksRequest.newBuilder().setClusterDefinition(cluster).build(), answers);
    return answers.values.getFirst();
  }

  /// Keeps what a call is answered.
  private static final class Answers implements StreamObserver<ReconcilerHooksResult> {
    private final List<ReconcilerHooksResult> values = new ArrayList<>();

    @Override
    public void onNext(ReconcilerHooksResult value) {
      values.add(value);
    }

    @Override
    public void onError(Throwable failure) {
      throw new IllegalStateException(failure);
    }

    @Override
    public void onCompleted() {}
  }
}
