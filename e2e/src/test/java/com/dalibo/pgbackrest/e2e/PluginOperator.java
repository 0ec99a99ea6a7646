package com.dalibo.pgbackrest.e2e;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.dsl.RollableScalableResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.concurrent.TimeUnit;

/// The installed operator of the plugin, which all clusters share.
final class PluginOperator {
  private static final String NAMESPACE = "cnpg-system";
  private static final String NAME = "pgbackrest-controller";

  private final Story story;

  PluginOperator(Story story) {
    this.story = story;
  }

  /// As nodes that are lost.
  void kill() {
    story
        .client()
        .pods()
        .inNamespace(NAMESPACE)
        .withLabel("app.kubernetes.io/name", NAME)
        .withGracePeriod(0)
        .delete();
    story.say("killed all replicas of the operator");
  }

  void restart() {
    deployment().rolling().restart();
    awaitRollout();
  }

  void awaitRollout() {
    deployment()
        .waitUntilCondition(
            d ->
                d.getStatus().getObservedGeneration() >= d.getMetadata().getGeneration()
                    && d.getSpec().getReplicas().equals(d.getStatus().getUpdatedReplicas())
                    && d.getSpec().getReplicas().equals(d.getStatus().getReadyReplicas())
                    && d.getSpec().getReplicas().equals(d.getStatus().getReplicas()),
            3,
            TimeUnit.MINUTES);
    story.say("all replicas of the operator are ready");
  }

  /// The image that a pod's sidecar has where no PluginConfig says otherwise.
  String sidecarImage() {
    return deployment()
        .get()
        .getSpec()
        .getTemplate()
        .getSpec()
        .getContainers()
        .getFirst()
        .getEnv()
        .stream()
        .filter(variable -> variable.getName().equals("SIDECAR_IMAGE"))
        .map(EnvVar::getValue)
        .findFirst()
        .orElseThrow();
  }

  /// Another reference to that image: for the pods another image, for the node the same.
  String otherSidecarImage() {
    String image = sidecarImage();
    String registry = "docker.io/";
    return image.startsWith(registry) ? image.substring(registry.length()) : registry + image;
  }

  /// What an upgrade does: all clusters get another sidecar.
  void upgrade(String sidecarImage) {
    deployment()
        .patch(
            PatchContext.of(PatchType.STRATEGIC_MERGE),
            """
            {"spec": {"template": {"spec": {"containers": [
              {"name": "%s", "env": [{"name": "SIDECAR_IMAGE", "value": "%s"}]}]}}}}
            """
                .formatted(NAME, sidecarImage));
    awaitRollout();
  }

  private RollableScalableResource<Deployment> deployment() {
    return story.client().apps().deployments().inNamespace(NAMESPACE).withName(NAME);
  }
}
