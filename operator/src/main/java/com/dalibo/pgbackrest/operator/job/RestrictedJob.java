package com.dalibo.pgbackrest.operator.job;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// What all Jobs have in common: one pod of one container that asks and ends, as the Pod Security
/// Standard `restricted` admits it.
public final class RestrictedJob {

  static final Quantity CPU_REQUEST = new Quantity("50m");
  static final Quantity CPU_LIMIT = new Quantity("1");
  static final Quantity MEMORY_LIMIT = new Quantity("256Mi");

  private static final int TRIES = 2;

  private RestrictedJob() {}

  /// A Job, which may be given more.
  ///
  /// @param metadata its pod has the same labels
  /// @param deadline after it the Job is stopped
  public static JobBuilder job(ObjectMeta metadata, Duration deadline, PodSpecBuilder pod) {
    return new JobBuilder()
        .withMetadata(metadata)
        .withNewSpec()
        .withBackoffLimit(TRIES)
        .withActiveDeadlineSeconds(Math.max(1, deadline.toSeconds()))
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(metadata.getLabels())
        .endMetadata()
        .withSpec(pod.build())
        .endTemplate()
        .endSpec();
  }

  /// Without volumes.
  public static PodSpecBuilder pod(
      List<LocalObjectReference> pullSecrets, ContainerBuilder container) {
    return new PodSpecBuilder()
        .withImagePullSecrets(pullSecrets)
        .withContainers(container.build())
        .withRestartPolicy("Never")
        .withEnableServiceLinks(false)
        .withTerminationGracePeriodSeconds(10L)
        .withNewSecurityContext()
        .withRunAsNonRoot(true)
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .endSecurityContext();
  }

  /// With requests and limits, which a quota of the namespace may demand of each container; without
  /// mounts.
  public static ContainerBuilder container(String name, String image, Quantity memoryRequest) {
    return new ContainerBuilder()
        .withName(name)
        .withImage(image)
        .withNewResources()
        .withRequests(Map.of("cpu", CPU_REQUEST, "memory", memoryRequest))
        .withLimits(Map.of("cpu", CPU_LIMIT, "memory", MEMORY_LIMIT))
        .endResources()
        .withNewSecurityContext()
        .withAllowPrivilegeEscalation(false)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .withPrivileged(false)
        .withReadOnlyRootFilesystem(true)
        .withRunAsNonRoot(true)
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .endSecurityContext();
  }

  public static EnvVar variable(String name, String value) {
    return new EnvVarBuilder().withName(name).withValue(value).build();
  }

  /// A directory on the disk of the node, as long as the pod.
  public static Volume scratch(String name, String size) {
    return new VolumeBuilder()
        .withName(name)
        .withNewEmptyDir()
        .withSizeLimit(new Quantity(size))
        .endEmptyDir()
        .build();
  }

  public static VolumeMount mount(String volume, String path, boolean readOnly) {
    return new VolumeMountBuilder()
        .withName(volume)
        .withMountPath(path)
        .withReadOnly(readOnly ? true : null)
        .build();
  }
}
