package com.dalibo.pgbackrest.operator.inventory;

import com.dalibo.pgbackrest.stanza.contract.SidecarContract;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// A pod of an instance, as far as a ResourceQuota counts it and the sidecar in it.
///
/// @param isLeaving whether it is being deleted, or its containers have ended for good
/// @param isBestEffort whether Kubernetes gave it that QoS class
/// @param priorityClass empty where it has none
/// @param sidecar the resources of the sidecar; empty where it has no sidecar
public record InstancePod(
    ObjectKey key,
    String cluster,
    Instant created,
    boolean isLeaving,
    boolean isBestEffort,
    String priorityClass,
    Optional<ResourceRequirements> sidecar) {

  static final String CLUSTER = "cnpg.io/cluster";

  static InstancePod of(ObjectKey key, Pod pod) {
    var metadata = pod.getMetadata();
    var status = Optional.ofNullable(pod.getStatus());
    return new InstancePod(
        key,
        metadata.getLabels().getOrDefault(CLUSTER, ""),
        Instant.parse(metadata.getCreationTimestamp()),
        metadata.getDeletionTimestamp() != null
            || status
                .filter(it -> "Failed".equals(it.getPhase()) || "Succeeded".equals(it.getPhase()))
                .isPresent(),
        status.filter(it -> "BestEffort".equals(it.getQosClass())).isPresent(),
        Objects.requireNonNullElse(pod.getSpec().getPriorityClassName(), ""),
        Stream.concat(
                pod.getSpec().getInitContainers().stream(), pod.getSpec().getContainers().stream())
            .filter(container -> container.getName().equals(SidecarContract.CONTAINER))
            .map(InstancePod::resources)
            .findFirst());
  }

  private static ResourceRequirements resources(Container container) {
    return Objects.requireNonNullElseGet(container.getResources(), ResourceRequirements::new);
  }
}
