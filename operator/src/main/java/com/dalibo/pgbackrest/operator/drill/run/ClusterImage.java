package com.dalibo.pgbackrest.operator.drill.run;

import com.dalibo.pgbackrest.stanza.api.drill.RestoreDrillRun;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The image with PostgreSQL of the restored Cluster, and the Secrets with which it is pulled.
record ClusterImage(String name, List<LocalObjectReference> pullSecrets) {

  /// The image of the Cluster's pod, which CNPG may have found in a catalogue.
  static Optional<ClusterImage> of(RestoreDrillRun run, JsonObject cluster, DrillObjects objects) {
    return name(run, cluster, objects).map(name -> new ClusterImage(name, pullSecrets(cluster)));
  }

  private static Optional<String> name(
      RestoreDrillRun run, JsonObject cluster, DrillObjects objects) {
    var status = cluster.get("status") instanceof JsonObject found ? found : new JsonObject();
    if (status.get("image") instanceof JsonPrimitive image && !image.getAsString().isEmpty()) {
      return Optional.of(image.getAsString());
    }
    var ofPod =
        objects
            .pods(run.namespace(), Map.of("cnpg.io/cluster", DrillNames.cluster(run.name())))
            .stream()
            .flatMap(pod -> pod.getSpec().getContainers().stream())
            .filter(container -> "postgres".equals(container.getName()))
            .map(Container::getImage)
            .findFirst();
    return ofPod.or(
        () ->
            cluster.getAsJsonObject("spec").get("imageName") instanceof JsonPrimitive image
                ? Optional.of(image.getAsString())
                : Optional.empty());
  }

  private static List<LocalObjectReference> pullSecrets(JsonObject cluster) {
    var secrets = new ArrayList<LocalObjectReference>();
    if (cluster.getAsJsonObject("spec").get("imagePullSecrets") instanceof JsonArray named) {
      for (var secret : named) {
        secrets.add(new LocalObjectReference(secret.getAsJsonObject().get("name").getAsString()));
      }
    }
    return secrets;
  }
}
