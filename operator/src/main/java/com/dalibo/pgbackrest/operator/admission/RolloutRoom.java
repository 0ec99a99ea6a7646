package com.dalibo.pgbackrest.operator.admission;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import com.dalibo.pgbackrest.operator.inventory.InstancePod;
import com.dalibo.pgbackrest.operator.inventory.InstancePods;
import com.dalibo.pgbackrest.operator.inventory.NamespaceLimits;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.ResourceQuotaStatus;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Whether the ResourceQuotas of a namespace have room for what the sidecar adds to the running
/// pods of a Cluster, all of them: CNPG replaces one at a time, and one for which there is no
/// longer room when its turn comes is deleted all the same.
///
/// Pods that are not there yet are not counted, and neither are pods that have the sidecar: nothing
/// is given up for them.
final class RolloutRoom {
  private static final List<String> OBJECTS = List.of("pods", "count/pods");

  private final NamespaceLimits namespaces;
  private final InstancePods pods;

  RolloutRoom(NamespaceLimits namespaces, InstancePods pods) {
    this.namespaces = namespaces;
    this.pods = pods;
  }

  /// The pods that a rollout of this sidecar would make larger, where a quota counts them.
  List<InstancePod> growing(Cluster cluster, EffectiveResources written) {
    if (namespaces.quotas(cluster.namespace()).isEmpty()) {
      return List.of();
    }
    return pods.of(cluster).stream()
        .filter(pod -> !pod.isLeaving())
        .filter(pod -> grows(pod, written))
        .toList();
  }

  /// One that has the sidecar keeps what a LimitRange gave it until it is replaced for another
  /// reason.
  private static boolean grows(InstancePod pod, EffectiveResources written) {
    return pod.sidecar()
        .map(EffectiveResources::of)
        .map(current -> current.isExceededBy(written))
        .orElse(true);
  }

  List<QuotaShortage> shortages(Cluster cluster, EffectiveResources written) {
    var growing = growing(cluster, written);
    var ranges = namespaces.ranges(cluster.namespace());
    var shortages = new ArrayList<QuotaShortage>();
    for (var quota : namespaces.quotas(cluster.namespace())) {
      var shortage = shortage(quota, growing, written.defaultedBy(ranges));
      if (!shortage.lacking().isEmpty()) {
        shortages.add(shortage);
      }
    }
    return shortages;
  }

  /// The figures are those that the API server decides with, and none before it has them.
  private static QuotaShortage shortage(
      ResourceQuota quota, List<InstancePod> growing, EffectiveResources sidecar) {
    var status = Objects.requireNonNullElseGet(quota.getStatus(), ResourceQuotaStatus::new);
    var hard = Objects.requireNonNullElse(status.getHard(), Map.<String, Quantity>of());
    var used = Objects.requireNonNullElse(status.getUsed(), Map.<String, Quantity>of());
    var lacking = new TreeMap<String, QuotaShortage.Lack>();
    for (var resource : hard.keySet()) {
      var most = amount(hard.get(resource));
      var taken = amount(used.get(resource));
      var needed =
          growing.stream()
              .map(pod -> addition(quota, pod, sidecar, resource))
              .reduce(BigDecimal.ZERO, BigDecimal::add);
      if (most.isPresent() && taken.isPresent()) {
        var lack = new QuotaShortage.Lack(needed, most.get(), taken.get());
        if (lack.isReal()) {
          lacking.put(resource, lack);
        }
      }
    }
    return new QuotaShortage(quota.getMetadata().getName(), growing.size(), lacking);
  }

  private static BigDecimal addition(
      ResourceQuota quota, InstancePod pod, EffectiveResources sidecar, String resource) {
    var scopes = QuotaScopes.of(quota);
    var isCounted = scopes.match(pod.isBestEffort(), pod.priorityClass());
    var willCount = scopes.match(pod.isBestEffort() && sidecar.isBestEffort(), pod.priorityClass());
    if (!willCount) {
      return BigDecimal.ZERO;
    }
    if (OBJECTS.contains(resource)) {
      return isCounted ? BigDecimal.ZERO : BigDecimal.ONE;
    }
    var before =
        pod.sidecar()
            .filter(_ -> isCounted)
            .map(EffectiveResources::of)
            .map(current -> current.counted(resource))
            .orElse(BigDecimal.ZERO);
    return sidecar.counted(resource).subtract(before).max(BigDecimal.ZERO);
  }

  private static Optional<BigDecimal> amount(@Nullable Quantity quantity) {
    return Optional.ofNullable(quantity)
        .map(Quantity::toString)
        .flatMap(EffectiveResources::amount);
  }
}
