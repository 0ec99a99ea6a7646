package com.dalibo.pgbackrest.operator.leader;

import com.dalibo.pgbackrest.cnpgi.Plugin;
import com.dalibo.pgbackrest.cnpgi.log.Log;
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
public final class ReleaseAnnouncement {

  static final String ANNOTATION = "pgbackrest.dalibo.com/serving";

  /// Where this replica runs: names of its namespace, Deployment, Service and pod.
  public record Installation(String namespace, String deployment, String service, String podName) {}

  private static final Log LOG = Log.of(ReleaseAnnouncement.class);

  private final KubernetesClient client;
  private final Installation installation;
  private volatile boolean made;

  public ReleaseAnnouncement(KubernetesClient client, Installation installation) {
    this.client = client;
    this.installation = installation;
  }

  public void make() {
    if (made) {
      return;
    }
    var deployment =
        client
            .apps()
            .deployments()
            .inNamespace(installation.namespace())
            .withName(installation.deployment())
            .get();
    var service =
        client.services().inNamespace(installation.namespace()).withName(installation.service());
    var present = service.get();
    if (present == null || deployment == null || !isRolledOut(deployment)) {
      return;
    }
    var serving = serving(installation.podName());
    if (!serving.equals(announced(present))) {
      service.patch(
          PatchContext.of(PatchType.JSON_MERGE),
          "{\"metadata\":{\"annotations\":{\"%s\":\"%s\"}}}".formatted(ANNOTATION, serving));
      LOG.info(
          "announced the release that serves now",
          "service",
          installation.service(),
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
