package com.dalibo.pgbackrest.operator.admission;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.operator.inventory.InstancePods;
import com.dalibo.pgbackrest.operator.inventory.NamespaceLimits;
import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.SidecarMemory;
import com.dalibo.pgbackrest.stanza.api.reason.ClusterReason;
import io.fabric8.kubernetes.api.model.LimitRange;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// Whether the API server would admit the sidecar in the namespace of its Cluster (admission
/// plugins ResourceQuota and LimitRanger), and whether it would stay alive there.
///
/// CNPG deletes an instance before it creates the changed one. Where that one would be refused, the
/// refusal has to come first.
public final class SidecarAdmission {
  private static final EffectiveResources OF_SMALL =
      new EffectiveResources(
          Map.of("cpu", "500m", "memory", SidecarMemory.ENOUGH),
          Map.of("cpu", "20m", "memory", SidecarMemory.LEAST));

  private static final Map<String, String> DEMANDS =
      Map.of(
          "cpu", "requests.cpu",
          "memory", "requests.memory",
          "requests.cpu", "requests.cpu",
          "requests.memory", "requests.memory",
          "limits.cpu", "limits.cpu",
          "limits.memory", "limits.memory");

  /// The controller of quotas needs seconds.
  private static final Duration COUNTED = Duration.ofMinutes(1);

  private final NamespaceLimits namespaces;
  private final InstancePods pods;
  private final RolloutRoom room;

  public SidecarAdmission(NamespaceLimits namespaces, InstancePods pods) {
    this.namespaces = namespaces;
    this.pods = pods;
    this.room = new RolloutRoom(namespaces, pods);
  }

  /// Why the API server would refuse each new pod of this Cluster.
  ///
  /// @param pluginConfig name of the PluginConfig that sizes the sidecar, where there is one
  public List<Problem> refusals(
      Cluster cluster, Optional<String> pluginConfig, EffectiveResources written) {
    var ranges = namespaces.ranges(cluster.namespace());
    var sidecar = written.defaultedBy(ranges);
    var postgres = new EffectiveResources(cluster.limits(), cluster.requests()).defaultedBy(ranges);
    var problems = new ArrayList<Problem>();
    for (var quota : namespaces.quotas(cluster.namespace())) {
      var missing =
          isOf(quota, cluster, postgres, sidecar) ? missing(quota, sidecar) : List.<String>of();
      if (!missing.isEmpty()) {
        problems.add(
            new Problem(
                ClusterReason.RESOURCES_REQUIRED,
                ("resource quota '%s' of namespace '%s' demands %s of each container, and the"
                        + " sidecar of cluster '%s' has none, so that Kubernetes would refuse every"
                        + " new pod: %s")
                    .formatted(
                        quota.getMetadata().getName(),
                        cluster.namespace(),
                        String.join(", ", missing),
                        cluster.name(),
                        ProposedResources.USUAL.remedy(cluster, pluginConfig))));
      }
    }
    pluginConfig
        .filter(_ -> postgres.isBestEffort() && !sidecar.isBestEffort())
        .ifPresent(config -> problems.addAll(ofPostgres(cluster, config, postgres)));
    for (var range : ranges) {
      problems.addAll(ofContainers(cluster, pluginConfig, range, sidecar));
      problems.addAll(ofPods(cluster, range, postgres, sidecar));
    }
    return problems;
  }

  /// What quotas demand of PostgreSQL that count its pods only with a sidecar that has resources.
  private List<Problem> ofPostgres(
      Cluster cluster, String pluginConfig, EffectiveResources postgres) {
    var burstable = new EffectiveResources(Map.of("memory", SidecarMemory.LEAST), Map.of());
    return namespaces.quotas(cluster.namespace()).stream()
        .filter(quota -> isOf(quota, cluster, postgres, burstable))
        .filter(quota -> !isOf(quota, cluster, postgres, postgres))
        .filter(quota -> !missing(quota, postgres).isEmpty())
        .map(
            quota ->
                new Problem(
                    ClusterReason.RESOURCES_REQUIRED,
                    ("resource quota '%s' of namespace '%s' counts the pods of cluster '%s' as soon as"
                            + " the sidecar has requests or limits, and demands %s of each container, and"
                            + " PostgreSQL has none, so that Kubernetes would refuse every new pod: add them"
                            + " to spec.resources of the Cluster, or remove spec.resourcesRequirement of"
                            + " PluginConfig '%s'")
                        .formatted(
                            quota.getMetadata().getName(),
                            cluster.namespace(),
                            cluster.name(),
                            String.join(", ", missing(quota, postgres)),
                            pluginConfig)))
        .toList();
  }

  /// Why a rollout of the sidecar would cost an instance: the quotas of the namespace have no room
  /// for it in all running pods of this Cluster that lack it.
  public List<Problem> shortages(
      Cluster cluster, Optional<String> pluginConfig, EffectiveResources written) {
    return room.shortages(cluster, written).stream()
        .map(
            shortage ->
                new Problem(
                    ClusterReason.QUOTA_EXHAUSTED,
                    ("resource quota '%s' of namespace '%s' has no room for the sidecar in %s of cluster"
                            + " '%s', where more of it is needed: %s. CNPG deletes a pod before it creates"
                            + " the changed one, which Kubernetes would refuse, so no pod is replaced:"
                            + " raise spec.hard of the quota to at least {%s}%s")
                        .formatted(
                            shortage.quota(),
                            cluster.namespace(),
                            shortage.pods() == 1
                                ? "1 running pod"
                                : shortage.pods() + " running pods",
                            cluster.name(),
                            shortage.needs(),
                            shortage.enough(),
                            smaller(cluster, pluginConfig))))
        .toList();
  }

  /// Where that is possible.
  private String smaller(Cluster cluster, Optional<String> pluginConfig) {
    return room.shortages(cluster, OF_SMALL).isEmpty()
            && refusals(cluster, pluginConfig, OF_SMALL).isEmpty()
        ? ", or " + ProposedResources.SMALL.remedy(cluster, pluginConfig)
        : "";
  }

  /// Likewise, for the answer about one pod: of one that is not running, or that the sidecar does
  /// not make larger, nothing is given up.
  public List<Problem> shortages(
      Cluster cluster, Optional<String> pluginConfig, EffectiveResources written, String pod) {
    return room.growing(cluster, written).stream().anyMatch(it -> it.key().name().equals(pod))
        ? shortages(cluster, pluginConfig, written)
        : List.of();
  }

  /// Whether the quotas can be believed to count the pods of this Cluster as they are: what a
  /// deleted pod had is given back a moment after its successor has been counted.
  public boolean isSettled(Cluster cluster, Instant now) {
    return pods.of(cluster).stream()
        .noneMatch(pod -> pod.isLeaving() || now.isBefore(pod.created().plus(COUNTED)));
  }

  private static List<Problem> ofContainers(
      Cluster cluster,
      Optional<String> pluginConfig,
      LimitRange range,
      EffectiveResources sidecar) {
    var problems = new ArrayList<Problem>();
    for (var item : EffectiveResources.ofContainers(List.of(range))) {
      var check = new ContainerRange(item);
      check
          .refusal(sidecar)
          .ifPresent(
              words ->
                  problems.add(
                      refused(
                          cluster,
                          range,
                          words,
                          ProposedResources.USUAL.remedy(cluster, pluginConfig)
                              + ", within that range")));
      check
          .ratio(sidecar)
          .ifPresent(
              words ->
                  problems.add(
                      refused(
                          cluster,
                          range,
                          words,
                          ProposedResources.LIMITS.remedy(cluster, pluginConfig))));
    }
    return problems;
  }

  private static List<Problem> ofPods(
      Cluster cluster, LimitRange range, EffectiveResources postgres, EffectiveResources sidecar) {
    return EffectiveResources.ofType("Pod", List.of(range)).stream()
        .flatMap(item -> new ContainerRange(item).refusal(postgres, sidecar).stream())
        .map(
            words ->
                refused(
                    cluster,
                    range,
                    words,
                    "raise the maximum of that range, or lower spec.resources of the Cluster"))
        .toList();
  }

  private static Problem refused(Cluster cluster, LimitRange range, String words, String remedy) {
    return new Problem(
        ClusterReason.OUTSIDE_LIMIT_RANGE,
        "limit range '%s' of namespace '%s' %s, so that Kubernetes would refuse every new pod of cluster '%s': %s"
            .formatted(
                range.getMetadata().getName(), cluster.namespace(), words, cluster.name(), remedy));
  }

  /// What is admitted, and still not what the user of the Cluster would want.
  public List<Problem> warnings(
      Cluster cluster, Optional<String> pluginConfig, EffectiveResources written) {
    var problems = new ArrayList<Problem>();
    var ranges = namespaces.ranges(cluster.namespace());
    var sidecar = written.defaultedBy(ranges);
    var memory = Optional.ofNullable(sidecar.limits().get("memory"));
    if (!written.limits().containsKey("memory")
        && EffectiveResources.isLess(memory, Optional.of(SidecarMemory.LEAST))) {
      problems.add(
          new Problem(
              ClusterReason.MEMORY_LIMIT_TOO_LOW,
              ("a limit range of namespace '%s' allows the sidecar of cluster '%s' %s of memory, with "
                      + "which it is killed repeatedly; it needs %s to archive and to recover,"
                      + " and %s for backups beside that: %s")
                  .formatted(
                      cluster.namespace(),
                      cluster.name(),
                      memory.orElse(""),
                      SidecarMemory.LEAST,
                      SidecarMemory.ENOUGH,
                      ProposedResources.USUAL.remedy(cluster, pluginConfig))));
    }
    var postgres = new EffectiveResources(cluster.limits(), cluster.requests());
    if (postgres.defaultedBy(ranges).isGuaranteed() && !sidecar.isGuaranteed()) {
      problems.add(
          new Problem(
              ClusterReason.QOS_CLASS_LOWERED,
              ("the resources of cluster '%s' ask for the QoS class Guaranteed, and with a sidecar whose"
                      + " requests are not its limits its pods have Burstable: %s, with the same values"
                      + " in requests and limits")
                  .formatted(
                      cluster.name(), ProposedResources.USUAL.remedy(cluster, pluginConfig))));
    }
    return problems;
  }

  /// Whether a quota counts the pods of this Cluster with the sidecar. Without a priority class of
  /// its own the Cluster may have one by default, and the API server decides.
  private static boolean isOf(
      ResourceQuota quota,
      Cluster cluster,
      EffectiveResources postgres,
      EffectiveResources sidecar) {
    var scopes = QuotaScopes.of(quota);
    var priorityClass = cluster.priorityClassName().orElse("");
    return !(priorityClass.isEmpty() && scopes.nameClasses())
        && scopes.match(postgres.isBestEffort() && sidecar.isBestEffort(), priorityClass);
  }

  private static List<String> missing(ResourceQuota quota, EffectiveResources sidecar) {
    var spec = quota.getSpec();
    if (spec == null || spec.getHard() == null) {
      return List.of();
    }
    var missing = new TreeSet<String>();
    for (var hard : spec.getHard().keySet()) {
      var demand = DEMANDS.get(hard);
      if (demand != null && !has(sidecar, demand)) {
        missing.add(demand);
      }
    }
    return List.copyOf(missing);
  }

  private static boolean has(EffectiveResources sidecar, String demand) {
    var resource = demand.substring(demand.indexOf('.') + 1);
    return (demand.startsWith("limits.") ? sidecar.limits() : sidecar.requests())
        .containsKey(resource);
  }
}
