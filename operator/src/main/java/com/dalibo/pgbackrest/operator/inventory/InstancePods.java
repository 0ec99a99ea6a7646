package com.dalibo.pgbackrest.operator.inventory;

import com.dalibo.pgbackrest.cnpgi.object.Cluster;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/// The pods of instances as last heard of. Where they cannot be read, or no longer, there are none,
/// and nobody knows what a rollout would cost.
public final class InstancePods {

  /// What CNPG gives to the pods of instances, and to no other.
  static final Map<String, String> LABELS = Map.of("cnpg.io/podRole", "instance");

  private final Map<ObjectKey, InstancePod> pods = new ConcurrentHashMap<>();

  private volatile BooleanSupplier believed = () -> true;

  /// Whether what was heard last is not too old.
  void believedWhile(BooleanSupplier condition) {
    believed = condition;
  }

  public void put(ObjectKey key, Pod pod) {
    pods.put(key, InstancePod.of(key, pod));
  }

  public void remove(ObjectKey key) {
    pods.remove(key);
  }

  public Optional<InstancePod> pod(ObjectKey key) {
    return believed.getAsBoolean() ? Optional.ofNullable(pods.get(key)) : Optional.empty();
  }

  public List<InstancePod> of(Cluster cluster) {
    if (!believed.getAsBoolean()) {
      return List.of();
    }
    return pods.values().stream()
        .filter(pod -> pod.key().namespace().equals(cluster.namespace()))
        .filter(pod -> pod.cluster().equals(cluster.name()))
        .sorted(Comparator.comparing(pod -> pod.key().name()))
        .toList();
  }
}
