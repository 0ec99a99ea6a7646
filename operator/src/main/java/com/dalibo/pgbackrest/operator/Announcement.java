package com.dalibo.pgbackrest.operator;

import com.dalibo.pgbackrest.cnpgi.Plugin;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Tells the CNPG operator of a new release of the plugin.
///
/// It remembers what a plugin can do for as long as its connections live, and forgets it at any
/// change of the Service. So one annotation changes, once, when no pod of the release before is
/// left to answer.
final class Announcement {

  static final String ANNOTATION = "pgbackrest.dalibo.com/serving";

  private static final Log LOG = Log.of(Announcement.class);

  private final KubernetesClient client;
  private final OperatorSettings settings;
  private volatile boolean made;

  Announcement(KubernetesClient client, OperatorSettings settings) {
    this.client = client;
    this.settings = settings;
  }

  void make() {
    if (made) {
      return;
    }
    var deployment =
        client
            .apps()
            .deployments()
            .inNamespace(settings.namespace())
            .withName(settings.deployment())
            .get();
    var service = client.services().inNamespace(settings.namespace()).withName(settings.service());
    var present = service.get();
    if (present == null || deployment == null || !isRolledOut(deployment)) {
      return;
    }
    var serving = serving(settings.podName());
    if (!serving.equals(announced(present))) {
      service.patch(
          PatchContext.of(PatchType.JSON_MERGE),
          "{\"metadata\":{\"annotations\":{\"%s\":\"%s\"}}}".formatted(ANNOTATION, serving));
      LOG.info(
          "announced the release that serves now",
          "service",
          settings.service(),
          "serving",
          serving);
    }
    made = true;
  }

  static boolean isRolledOut(Deployment deployment) {
    var status = deployment.getStatus();
    var wanted = Objects.requireNonNullElse(deployment.getSpec().getReplicas(), 1);
    return status != null
        && Objects.equals(status.getObservedGeneration(), deployment.getMetadata().getGeneration())
        && count(status.getUpdatedReplicas()) >= wanted
        && count(status.getReadyReplicas()) >= wanted
        && count(status.getReplicas()) == count(status.getUpdatedReplicas());
  }

  private static int count(Integer replicas) {
    return Objects.requireNonNullElse(replicas, 0);
  }

  /// The release and the ReplicaSet, which is what a pod's name without its last part tells.
  static String serving(String podName) {
    var end = podName.lastIndexOf('-');
    return Plugin.version() + "/" + (end < 0 ? podName : podName.substring(0, end));
  }

  private static String announced(Service service) {
    return Optional.ofNullable(service.getMetadata().getAnnotations())
        .orElse(Map.of())
        .getOrDefault(ANNOTATION, "");
  }
}
