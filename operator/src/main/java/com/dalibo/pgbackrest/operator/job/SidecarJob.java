package com.dalibo.pgbackrest.operator.job;

import static com.dalibo.pgbackrest.operator.job.RestrictedJob.mount;
import static com.dalibo.pgbackrest.operator.job.RestrictedJob.variable;

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
import io.fabric8.kubernetes.api.model.batch.v1.Job;
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

  static final Quantity MEMORY_REQUEST = new Quantity("96Mi");

  private static final String RUN = "pgbackrest-run";
  private static final String SCRATCH = "scratch";

  Job job() {
    return RestrictedJob.job(request.owner().metadata(request.jobName()), DEADLINE, pod())
        .editSpec()
        .withTtlSecondsAfterFinished((int) READABLE.toSeconds())
        .endSpec()
        .build();
  }

  private PodSpecBuilder pod() {
    return RestrictedJob.pod(pullSecrets, container())
        .withServiceAccountName(serviceAccount)
        .withVolumes(volumes());
  }

  private ContainerBuilder container() {
    return RestrictedJob.container(SidecarContract.CONTAINER, image, MEMORY_REQUEST)
        .withEnv(environment())
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
    volumes.add(RestrictedJob.scratch(SCRATCH, purpose.scratch));
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
