package com.dalibo.pgbackrest.operator.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.operator.inventory.InstancePods;
import com.dalibo.pgbackrest.operator.inventory.NamespaceLimits;
import com.dalibo.pgbackrest.operator.inventory.ObjectKey;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.reason.ClusterReason;
import io.fabric8.kubernetes.api.model.LimitRange;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SidecarAdmissionTest {
  private static final EffectiveResources NOTHING = new EffectiveResources(Map.of(), Map.of());

  private final NamespaceLimits limits = new NamespaceLimits();
  private final SidecarAdmission admission = new SidecarAdmission(limits, new InstancePods());

  @Test
  void aQuotaOnLimitsNamesThePluginConfigToWrite() {
    quota("compute", "hard: {limits.cpu: 8, limits.memory: 8Gi, requests.cpu: 4, pods: 20}");

    assertThat(admission.refusals(cluster("{}"), Optional.empty(), NOTHING))
        .containsExactly(
            new Problem(
                ClusterReason.RESOURCES_REQUIRED,
                "resource quota 'compute' of namespace 'shop' demands limits.cpu, limits.memory,"
                    + " requests.cpu of each container, and the sidecar of cluster 'app' has none,"
                    + " so that Kubernetes would refuse every new pod: apply"
                    + " {\"apiVersion\": \"pgbackrest.dalibo.com/v1\", \"kind\": \"PluginConfig\","
                    + " \"metadata\": {\"name\": \"app\", \"namespace\": \"shop\"}, \"spec\":"
                    + " {\"resourcesRequirement\": {\"requests\": {\"cpu\": \"50m\", \"memory\":"
                    + " \"128Mi\"}, \"limits\": {\"cpu\": \"1\", \"memory\": \"256Mi\"}}}} and set the parameter"
                    + " 'pluginConfigRef: app' of the plugin in the Cluster"));
  }

  @Test
  void aPluginConfigWithoutWhatTheQuotaDemandsIsNamed() {
    quota("compute", "hard: {memory: 8Gi, cpu: 4}");

    assertThat(
            admission.refusals(
                cluster("{}"),
                Optional.of("small"),
                new EffectiveResources(Map.of("memory", "256Mi"), Map.of())))
        .singleElement()
        .extracting(Problem::message)
        .asString()
        .contains("demands requests.cpu of each container")
        .endsWith(
            "write 'spec: {\"resourcesRequirement\": {\"requests\": {\"cpu\": \"50m\", \"memory\":"
                + " \"128Mi\"}, \"limits\": {\"cpu\": \"1\", \"memory\": \"256Mi\"}}}' in PluginConfig 'small'");
  }

  @Test
  void aLimitCountsAsRequestAndALimitRangeGivesBoth() {
    quota("compute", "hard: {requests.cpu: 4, limits.memory: 8Gi, requests.memory: 8Gi}");
    range(
        "defaults",
        "{type: Container, default: {memory: 256Mi, cpu: 1}, defaultRequest: {memory: 128Mi, cpu: 50m}}");

    assertThat(admission.refusals(cluster("{}"), Optional.empty(), NOTHING)).isEmpty();
    limits.removeRange(new ObjectKey("shop", "defaults"));
    assertThat(
            admission.refusals(
                cluster("{}"),
                Optional.of("small"),
                new EffectiveResources(Map.of("memory", "256Mi", "cpu", "1"), Map.of())))
        .isEmpty();
  }

  @Test
  void aQuotaOfAnotherNamespaceOrWithScopesOrOfOtherThingsIsNone() {
    limits.putQuota(new ObjectKey("other", "q"), quota("hard: {limits.cpu: 8}"));
    quota("scoped", "hard: {limits.cpu: 8}\n  scopes: [Terminating]");
    quota(
        "selected",
        "hard: {limits.cpu: 8}\n  scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: In, values: [high]}]}");
    quota("objects", "hard: {pods: 8, requests.storage: 100Gi, count/secrets: 5}");

    assertThat(admission.refusals(cluster("{}"), Optional.empty(), NOTHING)).isEmpty();
  }

  @Test
  void aQuotaWithScopesDemandsOfThePodsThatItCounts() {
    quota("burstable", "hard: {requests.memory: 8Gi}\n  scopes: [NotBestEffort]");
    quota("best-effort", "hard: {pods: 8}\n  scopes: [BestEffort]");
    quota(
        "high",
        "hard: {limits.cpu: 8}\n  scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: In, values: [high]}]}");

    assertThat(admission.refusals(cluster("{}"), Optional.empty(), NOTHING)).isEmpty();
    assertThat(
            admission.refusals(
                cluster("{limits: {memory: 1Gi}}, priorityClassName: high"),
                Optional.empty(),
                NOTHING))
        .extracting(problem -> problem.message().substring(0, 70))
        .containsExactly(
            "resource quota 'burstable' of namespace 'shop' demands requests.memory",
            "resource quota 'high' of namespace 'shop' demands limits.cpu of each c");
  }

  /// Its pods are BestEffort without the sidecar, and none of the quota's.
  @Test
  void whatAQuotaDemandsOfPostgresqlBecauseOfTheSidecarIsSaid() {
    quota("burstable", "hard: {requests.memory: 8Gi, limits.cpu: 8}\n  scopes: [NotBestEffort]");
    var sized = new EffectiveResources(Map.of("cpu", "1", "memory", "256Mi"), Map.of());

    assertThat(refused(sized))
        .isEqualTo(
            "resource quota 'burstable' of namespace 'shop' counts the pods of cluster 'app' as soon as the sidecar has requests or limits, and demands limits.cpu, requests.memory of each container, and PostgreSQL has none, so that Kubernetes would refuse every new pod: add them to spec.resources of the Cluster, or remove spec.resourcesRequirement of PluginConfig 'small'");
    assertThat(
            admission.refusals(
                cluster("{limits: {cpu: 1, memory: 1Gi}}"), Optional.of("small"), sized))
        .isEmpty();
    assertThat(refused(NOTHING)).isEmpty();
  }

  @Test
  void aQuotaThatIsGoneDemandsNothing() {
    quota("compute", "hard: {limits.cpu: 8}");
    limits.removeQuota(new ObjectKey("shop", "compute"));

    assertThat(admission.refusals(cluster("{}"), Optional.empty(), NOTHING)).isEmpty();
  }

  @Test
  void whatALimitRangeRefusesIsSaid() {
    range("small", "{type: Container, max: {memory: 200Mi}, default: {memory: 100Mi}}");

    assertThat(refused(new EffectiveResources(Map.of("memory", "256Mi"), Map.of())))
        .startsWith(
            "limit range 'small' of namespace 'shop' allows a container 200Mi of memory at most, and"
                + " the sidecar's limit is 256Mi, so that Kubernetes would refuse every new pod of"
                + " cluster 'app': write 'spec: {\"resourcesRequirement\": ")
        .endsWith(" in PluginConfig 'small', within that range");
    assertThat(refused(new EffectiveResources(Map.of(), Map.of("memory", "128Mi"))))
        .contains(
            "gives a container without a limit 100Mi of memory, and the sidecar requests 128Mi");
  }

  @Test
  void theLeastThatALimitRangeDemandsIsCompared() {
    range("large", "{type: Container, min: {cpu: 100m}}");

    assertThat(refused(new EffectiveResources(Map.of(), Map.of("cpu", "50m"))))
        .contains(
            "demands that a container requests 100m of cpu at least, and the sidecar requests 50m");
    assertThat(
            admission.refusals(
                cluster("{}"),
                Optional.empty(),
                new EffectiveResources(Map.of(), Map.of("cpu", "0.1"))))
        .isEmpty();
  }

  /// Which the resources that other messages offer do not keep.
  @Test
  void aRatioOfLimitToRequestIsKeptByTheResourcesInTheMessage() {
    range("ratio", "{type: Container, maxLimitRequestRatio: {cpu: 4}}");
    var offered =
        new EffectiveResources(
            Map.of("cpu", "1", "memory", "256Mi"), Map.of("cpu", "50m", "memory", "128Mi"));

    assertThat(refused(offered))
        .isEqualTo(
            "limit range 'ratio' of namespace 'shop' allows a container a limit of cpu that is 4 times its request at most, and the sidecar has the request '50m' and the limit '1', so that Kubernetes would refuse every new pod of cluster 'app': write 'spec: {\"resourcesRequirement\": {\"limits\": {\"cpu\": \"500m\", \"memory\": \"256Mi\"}}}' in PluginConfig 'small'");
    assertThat(refused(NOTHING)).contains("the request 'none' and the limit 'none'");
    assertThat(refused(new EffectiveResources(Map.of("cpu", "500m", "memory", "256Mi"), Map.of())))
        .isEmpty();
    assertThat(refused(new EffectiveResources(Map.of("cpu", "2"), Map.of("cpu", "500m"))))
        .isEmpty();
  }

  @Test
  void aPodThatIsTooLargeOnlyWithTheSidecarIsRefused() {
    range("pods", "{type: Pod, max: {memory: 1Gi, cpu: 2}}");
    var sidecar = new EffectiveResources(Map.of("memory", "256Mi"), Map.of());

    assertThat(
            admission.refusals(
                cluster("{limits: {memory: 1Gi, cpu: 1}}"), Optional.of("small"), sidecar))
        .containsExactly(
            new Problem(
                ClusterReason.OUTSIDE_LIMIT_RANGE,
                "limit range 'pods' of namespace 'shop' allows a pod 1Gi of memory at most, and PostgreSQL has the limit 1Gi beside the sidecar's 256Mi, so that Kubernetes would refuse every new pod of cluster 'app': raise the maximum of that range, or lower spec.resources of the Cluster"));
    for (var fits : List.of("{limits: {memory: 768Mi}}", "{limits: {memory: 2Gi}}", "{}")) {
      assertThat(admission.refusals(cluster(fits), Optional.of("small"), sidecar)).isEmpty();
    }
  }

  @Test
  void aLimitRangeThatGivesTooLittleMemoryIsAWarning() {
    range("tiny", "{type: Container, default: {memory: 32Mi}, defaultRequest: {memory: 32Mi}}");

    assertThat(admission.warnings(cluster("{}"), Optional.empty(), NOTHING))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.reason()).isEqualTo(ClusterReason.MEMORY_LIMIT_TOO_LOW);
              assertThat(problem.message())
                  .startsWith(
                      "a limit range of namespace 'shop' allows the sidecar of cluster 'app' 32Mi of"
                          + " memory, with which it is killed repeatedly; it needs 64Mi to"
                          + " archive and to recover, and 160Mi for backups beside that: apply {");
            });
  }

  @Test
  void aClusterThatAsksForGuaranteedIsToldThatItIsBurstable() {
    var guaranteed =
        cluster("{limits: {cpu: 1, memory: 1Gi}, requests: {cpu: 1000m, memory: 1Gi}}");

    assertThat(admission.warnings(guaranteed, Optional.of("small"), NOTHING))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.reason()).isEqualTo(ClusterReason.QOS_CLASS_LOWERED);
              assertThat(problem.message())
                  .startsWith(
                      "the resources of cluster 'app' ask for the QoS class Guaranteed, and with a"
                          + " sidecar whose requests are not its limits its pods have Burstable: ")
                  .endsWith(
                      " in PluginConfig 'small', with the same values in requests and limits");
            });
    assertThat(
            admission.warnings(
                guaranteed,
                Optional.of("small"),
                new EffectiveResources(Map.of("cpu", "1", "memory", "256Mi"), Map.of())))
        .isEmpty();
    assertThat(
            admission.warnings(
                cluster("{limits: {cpu: 1, memory: 1Gi}, requests: {cpu: 1, memory: 512Mi}}"),
                Optional.of("small"),
                NOTHING))
        .isEmpty();
  }

  private String refused(EffectiveResources resources) {
    return admission.refusals(cluster("{}"), Optional.of("small"), resources).stream()
        .map(Problem::message)
        .findFirst()
        .orElse("");
  }

  private void quota(String name, String spec) {
    limits.putQuota(new ObjectKey("shop", name), quota(name, "shop", spec));
  }

  private static ResourceQuota quota(String spec) {
    return quota("q", "other", spec);
  }

  private static ResourceQuota quota(String name, String namespace, String spec) {
    return Serialization.unmarshal(
        "metadata: {name: %s, namespace: %s}\nspec:\n  %s\n".formatted(name, namespace, spec),
        ResourceQuota.class);
  }

  private void range(String name, String item) {
    limits.putRange(
        new ObjectKey("shop", name),
        Serialization.unmarshal(
            "metadata: {name: %s, namespace: shop}\nspec: {limits: [%s]}\n".formatted(name, item),
            LimitRange.class));
  }

  private static Cluster cluster(String resources) {
    var yaml =
        "metadata: {name: app, namespace: shop}\nspec: {resources: %s}\n".formatted(resources);
    var json = Serialization.asJson(Serialization.unmarshal(yaml, Map.class));
    return Cluster.parse(json.getBytes(StandardCharsets.UTF_8));
  }
}
