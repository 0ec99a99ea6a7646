package com.dalibo.pgbackrest.operator.job;

import static com.dalibo.pgbackrest.operator.job.RestrictedPod.variable;

import com.dalibo.pgbackrest.stanza.contract.SidecarContract;
import com.dalibo.pgbackrest.stanza.contract.SidecarEnvironment;
import com.dalibo.pgbackrest.stanza.options.InstancePaths;
import com.dalibo.pgbackrest.stanza.rendering.ReferredObjects;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A Job: one pod with the sidecar's image that asks and ends.
///
/// @param pullSecrets those of the namespace's ServiceAccount `default`
record SidecarJob(
    JobPurpose purpose,
    JobRequest request,
    String serviceAccount,
    String image,
    List<LocalObjectReference> pullSecrets) {

  /// After it a Job is stopped.
  static final Duration DEADLINE = Duration.ofMinutes(10);

  /// How long a Job that has ended, and its log, can be read.
  static final Duration READABLE = Duration.ofMinutes(10);

  static final Quantity CPU_REQUEST = new Quantity("50m");
  static final Quantity MEMORY_REQUEST = new Quantity("96Mi");
  static final Quantity CPU_LIMIT = new Quantity("1");
  static final Quantity MEMORY_LIMIT = new Quantity("256Mi");

  private static final String RUN = "pgbackrest-run";
  private static final String SCRATCH = "scratch";
  private static final int TRIES = 2;

  Job job() {
    var metadata = request.owner().metadata(request.jobName());
    return new JobBuilder()
        .withMetadata(metadata)
        .withNewSpec()
        .withBackoffLimit(TRIES)
        .withActiveDeadlineSeconds(DEADLINE.toSeconds())
        .withTtlSecondsAfterFinished((int) READABLE.toSeconds())
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(metadata.getLabels())
        .endMetadata()
        .withSpec(pod().build())
        .endTemplate()
        .endSpec()
        .build();
  }

  private PodSpecBuilder pod() {
    return RestrictedPod.pod(pullSecrets)
        .withServiceAccountName(serviceAccount)
        .withContainers(container().build())
        .withVolumes(volumes());
  }

  // With requests and limits, which a quota of the namespace may demand of each container.
  private ContainerBuilder container() {
    return RestrictedPod.container(SidecarContract.CONTAINER, image)
        .withEnv(environment())
        .withNewResources()
        .withRequests(Map.of("cpu", CPU_REQUEST, "memory", MEMORY_REQUEST))
        .withLimits(Map.of("cpu", CPU_LIMIT, "memory", MEMORY_LIMIT))
        .endResources()
        .withVolumeMounts(mounts());
  }

  private List<EnvVar> environment() {
    var variables = new ArrayList<EnvVar>();
    variables.add(variable(SidecarEnvironment.MODE, purpose.mode.value()));
    variables.add(variable(purpose.variable, request.owner().name()));
    variables.add(variable(SidecarEnvironment.INSPECTION_REQUEST, request.fingerprint()));
    request.variables().get().forEach((name, value) -> variables.add(variable(name, value)));
    variables.add(field(SidecarEnvironment.NAMESPACE, "metadata.namespace"));
    variables.add(field(SidecarEnvironment.POD_NAME, "metadata.name"));
    return variables;
  }

  private static EnvVar field(String name, String path) {
    return new EnvVarBuilder()
        .withName(name)
        .withNewValueFrom()
        .withNewFieldRef()
        .withFieldPath(path)
        .endFieldRef()
        .endValueFrom()
        .build();
  }

  private List<Volume> volumes() {
    var volumes = new ArrayList<Volume>();
    volumes.add(
        new VolumeBuilder()
            .withName(RUN)
            .withNewEmptyDir()
            .withMedium("Memory")
            .withSizeLimit(new Quantity("4Mi"))
            .endEmptyDir()
            .build());
    volumes.add(
        new VolumeBuilder()
            .withName(SCRATCH)
            .withNewEmptyDir()
            .withSizeLimit(new Quantity(purpose.scratch))
            .endEmptyDir()
            .build());
    claims()
        .forEach(
            (name, claim) ->
                volumes.add(
                    new VolumeBuilder()
                        .withName(name)
                        .withNewPersistentVolumeClaim(claim, true)
                        .build()));
    return volumes;
  }

  private List<VolumeMount> mounts() {
    var mounts = new ArrayList<VolumeMount>();
    mounts.add(mount(RUN, SidecarContract.RUN_DIRECTORY, false));
    mounts.add(mount(SCRATCH, SidecarContract.CONTROLLER_DIRECTORY, false));
    claims()
        .forEach(
            (name, claim) ->
                mounts.add(mount(name, InstancePaths.VOLUMES.resolve(claim).toString(), true)));
    return mounts;
  }

  private static VolumeMount mount(String volume, String path, boolean readOnly) {
    return new VolumeMountBuilder()
        .withName(volume)
        .withMountPath(path)
        .withReadOnly(readOnly ? true : null)
        .build();
  }

  /// The claims of volume repositories by the names of their volumes: a claim may have a longer
  /// name than a volume may.
  private Map<String, String> claims() {
    var claims = new TreeMap<String, String>();
    for (var claim : ReferredObjects.of(request.stanza()).claims()) {
      claims.put("claim-" + claims.size(), claim);
    }
    return claims;
  }
}
