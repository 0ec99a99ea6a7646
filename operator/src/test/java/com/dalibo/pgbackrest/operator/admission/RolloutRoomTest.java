package com.dalibo.pgbackrest.operator.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.operator.inventory.InstancePods;
import com.dalibo.pgbackrest.operator.inventory.NamespaceLimits;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.reason.ClusterReason;
import io.fabric8.kubernetes.api.model.LimitRange;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A plugin that is enabled in a running Cluster of three, in a namespace whose quotas are used up.
class RolloutRoomTest {
  private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");
  private static final String NO_SIDECAR = "";
  private static final EffectiveResources SIZED =
      new EffectiveResources(
          Map.of("cpu", "1", "memory", "256Mi"), Map.of("cpu", "50m", "memory", "128Mi"));
  private static final Cluster CLUSTER =
      Cluster.parse(
          "{\"metadata\": {\"name\": \"app\", \"namespace\": \"shop\"}}"
              .getBytes(StandardCharsets.UTF_8));

  private final NamespaceLimits limits = new NamespaceLimits();
  private final InstancePods pods = new InstancePods();
  private final SidecarAdmission admission = new SidecarAdmission(limits, pods);

  @Test
  void theQuotaTheResourceWhatIsLeftAndTheRemedyAreNamed() {
    three(NO_SIDECAR);
    quota(
        "compute",
        "{requests.cpu: 4, requests.memory: 8Gi, limits.cpu: 12, limits.memory: 8Gi}",
        "{requests.cpu: 3, requests.memory: 7900Mi, limits.cpu: '10.5', limits.memory: 2Gi}");

    assertThat(admission.shortages(CLUSTER, Optional.of("sized"), SIZED, "app-2"))
        .containsExactly(
            new Problem(
                ClusterReason.QUOTA_EXHAUSTED,
                "resource quota 'compute' of namespace 'shop' has no room for the sidecar in 3 running"
                    + " pods of cluster 'app', where more of it is needed: 3 of limits.cpu (left: 1500m),"
                    + " 384Mi of requests.memory (left: 292Mi). CNPG deletes a pod before it creates the"
                    + " changed one, which Kubernetes would refuse, so no pod is replaced: raise spec.hard"
                    + " of the quota to at least {limits.cpu: 13500m, requests.memory: 8284Mi}, or write"
                    + " 'spec: {\"resourcesRequirement\": {\"requests\": {\"cpu\": \"20m\", \"memory\":"
                    + " \"64Mi\"}, \"limits\": {\"cpu\": \"500m\", \"memory\": \"160Mi\"}}}' in PluginConfig"
                    + " 'sized'"));
  }

  @Test
  void aSmallerSidecarIsOfferedOnlyWhereItFits() {
    three(NO_SIDECAR);
    quota("compute", "{requests.memory: 8Gi}", "{requests.memory: 8Gi}");

    assertThat(told(SIZED))
        .endsWith(
            "where more of it is needed: 384Mi of requests.memory (left: 0). CNPG deletes a pod before it creates the changed one, which Kubernetes would refuse, so no pod is replaced: raise spec.hard of the quota to at least {requests.memory: 8576Mi}");
  }

  /// One would fit, and then two; the third would be deleted and not come back.
  @Test
  void thereHasToBeRoomForAllOfThem() {
    three(NO_SIDECAR);
    quota("compute", "{memory: 8Gi}", "{memory: 7936Mi}");
    assertThat(told(SIZED)).contains("384Mi of memory (left: 256Mi)");

    quota("compute", "{memory: 8Gi}", "{memory: 7808Mi}");
    assertThat(told(SIZED)).isEmpty();
  }

  @Test
  void podsThatHaveTheSidecarNeedNothingMore() {
    quota("compute", "{memory: 8Gi}", "{memory: 8Gi}");
    three("{limits: {cpu: 1, memory: 256Mi}, requests: {cpu: 50m, memory: 128Mi}}");

    assertThat(told(SIZED)).isEmpty();
    // Halfway through the rollout: the answers for those that are done stay as they were.
    pod("app-1", NO_SIDECAR, "");
    assertThat(told(SIZED)).contains("in 1 running pod of").contains("128Mi of memory (left: 0)");
    assertThat(admission.shortages(CLUSTER, Optional.empty(), SIZED, "app-2")).isEmpty();
    assertThat(admission.shortages(CLUSTER, Optional.empty(), SIZED, "app-1")).hasSize(1);
  }

  @Test
  void aSidecarThatGrowsNeedsTheDifference() {
    three("{limits: {cpu: 1, memory: 256Mi}, requests: {cpu: 50m, memory: 128Mi}}");
    quota("compute", "{limits.memory: 8Gi}", "{limits.memory: 8Gi}");
    var larger =
        new EffectiveResources(
            Map.of("cpu", "1", "memory", "512Mi"), Map.of("cpu", "50m", "memory", "128Mi"));

    assertThat(told(larger)).contains("768Mi of limits.memory (left: 0)");
    assertThat(told(larger)).contains("or apply {");
  }

  @Test
  void aPodThatIsNotThereIsLeftToKubernetes() {
    quota("compute", "{memory: 8Gi}", "{memory: 8Gi}");
    assertThat(told(SIZED)).isEmpty();

    three(NO_SIDECAR);
    assertThat(admission.shortages(CLUSTER, Optional.empty(), SIZED, "app-4")).isEmpty();
    pod("app-1", NO_SIDECAR, "status: {phase: Failed}");
    pod(
        "app-2",
        NO_SIDECAR,
        "status: {phase: Running}",
        "deletionTimestamp: '2026-11-29T11:00:00Z'");
    pods.remove(new ObjectKey("shop", "app-3"));
    podOf("of-another", "other", "app-3", NO_SIDECAR, "");
    assertThat(told(SIZED)).isEmpty();
  }

  @Test
  void aQuotaThatHasNoFiguresYetIsNone() {
    three(NO_SIDECAR);
    limits.putQuota(
        new ObjectKey("shop", "new"),
        Serialization.unmarshal(
            "metadata: {name: new, namespace: shop}\nspec: {hard: {memory: 1Gi}}\n",
            ResourceQuota.class));
    assertThat(told(SIZED)).isEmpty();
    quota("new", "{memory: 1Gi}", "{}");
    assertThat(told(SIZED)).isEmpty();
  }

  @Test
  void onlyWhatTheSidecarHasCounts() {
    three(NO_SIDECAR);
    quota(
        "objects",
        "{pods: 3, count/pods: 3, requests.storage: 3Gi, ephemeral-storage: 1Gi, hugepages-2Mi: 0}",
        "{pods: 3, count/pods: 3, requests.storage: 3Gi, ephemeral-storage: 1Gi, hugepages-2Mi: 0}");
    assertThat(told(SIZED)).isEmpty();

    var scratch = new EffectiveResources(Map.of("ephemeral-storage", "10Mi"), Map.of());
    assertThat(told(scratch)).contains("30Mi of ephemeral-storage (left: 0)");
  }

  @Test
  void whatALimitRangeGivesCountsToo() {
    three(NO_SIDECAR);
    quota("compute", "{requests.cpu: 4}", "{requests.cpu: 3900m}");
    limits.putRange(
        new ObjectKey("shop", "defaults"),
        Serialization.unmarshal(
            "metadata: {name: defaults, namespace: shop}\nspec: {limits: [{type: Container, defaultRequest: {cpu: 100m}}]}\n",
            LimitRange.class));

    assertThat(told(new EffectiveResources(Map.of(), Map.of())))
        .contains("300m of requests.cpu (left: 100m)")
        .contains("or apply {\"apiVersion\"")
        .contains("pluginConfigRef: app");
    // It was added after the sidecars had come, and CNPG replaces no pod for it.
    three("{}");
    assertThat(told(new EffectiveResources(Map.of(), Map.of()))).isEmpty();
  }

  @Test
  void aQuotaWithScopesCountsThePodsThatMatchAllOfThem() {
    var full = "hard: {requests.memory: 1Gi}, used: {requests.memory: 1Gi}";
    for (var matching :
        List.of(
            "scopes: [NotBestEffort]",
            "scopes: [NotTerminating, NotBestEffort]",
            "scopes: [PriorityClass]",
            selector("PriorityClass", "In", "high"),
            selector("PriorityClass", "NotIn", "low"),
            selector("PriorityClass", "Exists", ""))) {
      scoped(matching, full);
      three(NO_SIDECAR);
      assertThat(told(SIZED)).as(matching).contains("384Mi of requests.memory (left: 0)");
    }
    for (var other :
        List.of(
            "scopes: [Terminating]",
            "scopes: [BestEffort]",
            "scopes: [CrossNamespacePodAffinity]",
            selector("PriorityClass", "In", "low"),
            selector("PriorityClass", "NotIn", "high"),
            selector("PriorityClass", "DoesNotExist", ""))) {
      scoped(other, full);
      assertThat(told(SIZED)).as(other).isEmpty();
    }
  }

  /// A pod without any resources becomes one of those that the quota counts.
  @Test
  void aPodThatIsBestEffortNoLongerCountsAsOneMore() {
    for (var name : List.of("app-1", "app-2", "app-3")) {
      pod(name, NO_SIDECAR, "status: {qosClass: BestEffort}");
    }
    scoped("scopes: [NotBestEffort]", "hard: {pods: 9}, used: {pods: 7}");

    assertThat(told(SIZED)).contains("3 of pods (left: 2)");
    assertThat(told(new EffectiveResources(Map.of(), Map.of()))).isEmpty();
    scoped("scopes: [BestEffort]", "hard: {pods: 3}, used: {pods: 3}");
    assertThat(told(SIZED)).isEmpty();
  }

  /// As the API server has it that was created without any, and as an older one may.
  @Test
  void aLimitRangeOrAQuotaWithoutContentIsNone() {
    three(NO_SIDECAR);
    for (var spec : List.of("", "\nspec: {}", "\nspec: {limits: null}", "\nspec: null")) {
      limits.putRange(
          new ObjectKey("shop", "empty"),
          Serialization.unmarshal(
              "metadata: {name: empty, namespace: shop}" + spec, LimitRange.class));
      assertThat(admission.refusals(CLUSTER, Optional.empty(), SIZED)).as(spec).isEmpty();
      assertThat(told(SIZED)).as(spec).isEmpty();
    }
    limits.putRange(
        new ObjectKey("shop", "empty"),
        Serialization.unmarshal(
            "metadata: {name: empty, namespace: shop}\nspec: {limits: [{type: Container, max: null, min: null, default: null, defaultRequest: null, maxLimitRequestRatio: null}]}",
            LimitRange.class));
    assertThat(admission.refusals(CLUSTER, Optional.empty(), SIZED)).isEmpty();
    for (var content :
        List.of(
            "spec: null",
            "spec: {hard: null, scopes: null, scopeSelector: null}\nstatus: {hard: null, used: null}",
            "spec: {scopeSelector: {matchExpressions: null}}\nstatus: null",
            "spec: {scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: Exists, values: null}]}}\nstatus: {hard: {memory: 1Gi}}")) {
      limits.putQuota(
          new ObjectKey("shop", "empty"),
          Serialization.unmarshal(
              "metadata: {name: empty, namespace: shop}\n" + content, ResourceQuota.class));
      assertThat(told(SIZED)).as(content).isEmpty();
      assertThat(admission.refusals(CLUSTER, Optional.empty(), SIZED)).as(content).isEmpty();
    }
  }

  /// Kubernetes admits quantities that no sum can be made of, and takes them for its largest.
  @Test
  void noQuantityIsTooLargeOrTooSmallToCompare() {
    three(NO_SIDECAR);
    for (var huge : List.of("1e999999999", "1E2000000000", "9223372036854775807", "8E", "1e20")) {
      quota("compute", "{memory: 8Gi}", "{memory: 1Gi}");
      assertThat(told(new EffectiveResources(Map.of("memory", huge), Map.of())))
          .as(huge)
          .contains("of memory (left: 7168Mi)");
      quota("compute", "{memory: '%s'}".formatted(huge), "{memory: '%s'}".formatted(huge));
      assertThat(told(SIZED)).as(huge).contains("384Mi of memory (left: 0)");
      quota("compute", "{memory: '%s'}".formatted(huge), "{memory: 7Gi}");
      assertThat(told(SIZED)).as(huge).isEmpty();
    }
    for (var tiny : List.of("1e-999999999", "1n", "0.1m", "1e-2000000000")) {
      quota("compute", "{memory: '%s'}".formatted(tiny), "{memory: '%s'}".formatted(tiny));
      assertThat(told(SIZED)).as(tiny).contains("384Mi of memory (left: 0)");
      quota("compute", "{memory: 8Gi}", "{memory: '%s'}".formatted(tiny));
      assertThat(told(SIZED)).as(tiny).isEmpty();
    }
    for (var none : List.of("x", "1e99999999999", "1.5.5", "e", "1ee", "0x10")) {
      quota("compute", "{memory: '%s'}".formatted(none), "{memory: '%s'}".formatted(none));
      assertThat(told(SIZED)).as(none).isEmpty();
    }
  }

  /// The quota may still count the pod that was replaced.
  @Test
  void aClusterWithANewPodOrOneThatLeavesIsNotSettled() {
    three(NO_SIDECAR);
    assertThat(admission.isSettled(CLUSTER, NOW)).isTrue();
    assertThat(admission.isSettled(CLUSTER, Instant.parse("2026-11-29T10:00:30Z"))).isFalse();
    pod("app-1", NO_SIDECAR, "", "deletionTimestamp: '2026-11-29T11:00:00Z'");
    assertThat(admission.isSettled(CLUSTER, NOW)).isFalse();
  }

  private String told(EffectiveResources sidecar) {
    return admission.shortages(CLUSTER, Optional.empty(), sidecar).stream()
        .map(Problem::message)
        .findFirst()
        .orElse("");
  }

  private void three(String sidecar) {
    for (var name : List.of("app-1", "app-2", "app-3")) {
      pod(name, sidecar, "status: {phase: Running, qosClass: Burstable}");
    }
  }

  private void pod(String name, String sidecar, String status, String... metadata) {
    podOf("shop", "app", name, sidecar, status, metadata);
  }

  private void podOf(
      String namespace,
      String cluster,
      String name,
      String sidecar,
      String status,
      String... metadata) {
    pods.put(
        new ObjectKey(namespace, name),
        Serialization.unmarshal(
            """
            metadata: {name: %s, creationTimestamp: '2026-11-29T10:00:00Z', labels: {cnpg.io/cluster: %s} %s}
            spec: {priorityClassName: high, containers: [{name: postgres}] %s}
            %s
            """
                .formatted(
                    name,
                    cluster,
                    metadata.length == 0 ? "" : ", " + metadata[0],
                    sidecar.isEmpty()
                        ? ""
                        : ", initContainers: [{name: pgbackrest-plugin, resources: %s}]"
                            .formatted(sidecar),
                    status),
            Pod.class));
  }

  private void quota(String name, String hard, String used) {
    limits.putQuota(
        new ObjectKey("shop", name),
        Serialization.unmarshal(
            "metadata: {name: %s, namespace: shop}\nspec: {hard: %s}\nstatus: {hard: %s, used: %s}\n"
                .formatted(name, hard, hard, used),
            ResourceQuota.class));
  }

  private void scoped(String scopes, String status) {
    limits.putQuota(
        new ObjectKey("shop", "scoped"),
        Serialization.unmarshal(
            "metadata: {name: scoped, namespace: shop}\nspec: {hard: {}, %s}\nstatus: {%s}\n"
                .formatted(scopes, status),
            ResourceQuota.class));
  }

  private static String selector(String scope, String operator, String value) {
    return "scopeSelector: {matchExpressions: [{scopeName: %s, operator: %s%s}]}"
        .formatted(scope, operator, value.isEmpty() ? "" : ", values: [%s]".formatted(value));
  }
}
