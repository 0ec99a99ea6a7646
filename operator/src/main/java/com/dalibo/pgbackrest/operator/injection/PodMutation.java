package com.dalibo.pgbackrest.operator.injection;

import com.dalibo.pgbackrest.stanza.api.EnumSpelling;
import com.dalibo.pgbackrest.stanza.contract.Fingerprint;
import com.dalibo.pgbackrest.stanza.contract.SidecarContract;
import com.dalibo.pgbackrest.stanza.contract.SidecarEnvironment;
import com.dalibo.pgbackrest.stanza.options.InstancePaths;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// Puts the sidecar into a pod. The same pod and the same sidecar give the same bytes, whatever was
/// changed before: CNPG compares, and restarts PostgreSQL where it sees a difference.
public final class PodMutation {

  private static final String PLUGINS = "plugins";
  private static final String RUN = "pgbackrest-run";
  private static final String CLAIM_PREFIX = "pgbackrest-claim-";
  private static final String BOOTSTRAP_CONTROLLER = "bootstrap-controller";

  /// What the sidecar needs to know of the instance, and the identities that clouds give to pods.
  private static final List<String> COPIED_ENVIRONMENT =
      Stream.concat(SidecarEnvironment.OF_CLOUDS.stream(), SidecarEnvironment.OF_CNPG.stream())
          .toList();

  private final SidecarSpec sidecar;

  public PodMutation(SidecarSpec sidecar) {
    this.sidecar = sidecar;
  }

  /// Changes `pod` in place; `container` is the one with PostgreSQL.
  public void apply(ObjectNode pod, String container) {
    var main =
        named(pod.path("containers"), container)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "the pod has no container '"
                            + container
                            + "' to put the sidecar beside; use a release of CNPG that names it"
                            + " so"));
    addVolumes(pod);
    put(pod.withArrayProperty("containers"), withPluginsMounted(main));
    named(pod.path("initContainers"), Bootstrap.CONTAINER)
        .ifPresent(
            bootstrap ->
                put(pod.withArrayProperty("initContainers"), withPluginsMounted(bootstrap)));
    placeSidecar(pod.withArrayProperty("initContainers"), container(withPluginsMounted(main)));
  }

  private void addVolumes(ObjectNode pod) {
    var volumes = pod.withArrayProperty("volumes");
    for (var index = volumes.size() - 1; index >= 0; index--) {
      if (volumes.get(index).path("name").asText().startsWith(CLAIM_PREFIX)) {
        volumes.remove(index);
      }
    }
    if (named(volumes, PLUGINS).isEmpty()) {
      volumes.add(object().put("name", PLUGINS).set("emptyDir", pluginsDirectory()));
    }
    put(
        volumes,
        object()
            .put("name", RUN)
            .set("emptyDir", object().put("medium", "Memory").put("sizeLimit", "4Mi")));
    for (var claim : sidecar.claims()) {
      volumes.add(
          object()
              .put("name", volumeOf(claim))
              .set("persistentVolumeClaim", object().put("claimName", claim)));
    }
  }

  /// Sockets of all plugins; policies demand a limit of each `emptyDir`.
  private ObjectNode pluginsDirectory() {
    return sidecar.shape() >= 2 ? object().put("sizeLimit", "10Mi") : object();
  }

  private static ObjectNode withPluginsMounted(JsonNode container) {
    var changed = (ObjectNode) container.deepCopy();
    var mounts = changed.withArrayProperty("volumeMounts");
    if (named(mounts, PLUGINS).isEmpty()) {
      mounts.add(mount(PLUGINS, SidecarContract.PLUGINS_DIRECTORY));
    }
    return changed;
  }

  private void placeSidecar(ArrayNode initContainers, ObjectNode container) {
    indexOf(initContainers, SidecarContract.CONTAINER).ifPresent(initContainers::remove);
    var place =
        indexOf(initContainers, BOOTSTRAP_CONTROLLER)
            .map(index -> index + 1)
            .or(() -> indexOf(initContainers, Bootstrap.CONTAINER));
    initContainers.insert(place.orElse(initContainers.size()), container);
  }

  private ObjectNode container(ObjectNode main) {
    var container = object().put("name", SidecarContract.CONTAINER).put("image", sidecar.image());
    sidecar.pullPolicy().ifPresent(policy -> container.put("imagePullPolicy", policy));
    container.put("restartPolicy", "Always");
    container.set("env", environment(main));
    sidecar
        .resources()
        .ifPresent(given -> container.set("resources", ContainerResources.of(given)));
    if (sidecar.shape() >= 2) {
      container.set("livenessProbe", livenessProbe());
    }
    container.set("startupProbe", startupProbe());
    container.set("securityContext", securityContext());
    container.set("volumeMounts", mounts(main.path("volumeMounts")));
    return container;
  }

  private ArrayNode environment(JsonNode main) {
    var environment = array();
    for (var name : COPIED_ENVIRONMENT) {
      last(main.path("env"), name).ifPresent(variable -> environment.add(SortedJson.of(variable)));
    }
    environment.add(variable(SidecarEnvironment.MODE, sidecar.mode().value()));
    if (sidecar.recoversFromSnapshots()) {
      environment.add(variable(SidecarEnvironment.SNAPSHOT_RECOVERY, "true"));
    }
    sidecar
        .logLevel()
        .ifPresent(
            level ->
                environment.add(variable(SidecarEnvironment.LOG_LEVEL, EnumSpelling.of(level))));
    return environment;
  }

  private static ObjectNode variable(String name, String value) {
    return object().put("name", name).put("value", value);
  }

  // Asked every second, because PostgreSQL does not start before it succeeds.
  private static ObjectNode startupProbe() {
    var probe = object();
    probe.set("exec", object().set("command", array().add(SidecarContract.PROBE)));
    return probe.put("periodSeconds", 1).put("timeoutSeconds", 3).put("failureThreshold", 60);
  }

  // One answer in three minutes is enough for a sidecar that is busy. One that hangs does not end
  // when it is asked to, and the pod's own time for that is CNPG's half an hour.
  private static ObjectNode livenessProbe() {
    var probe = object();
    probe.set("exec", object().set("command", array().add(SidecarContract.PROBE)));
    return probe
        .put("periodSeconds", 30)
        .put("timeoutSeconds", 10)
        .put("failureThreshold", 6)
        .put("terminationGracePeriodSeconds", 10);
  }

  // Without a user: that of the pod, which on OpenShift is not known before the pod is there.
  private static ObjectNode securityContext() {
    var context = object().put("allowPrivilegeEscalation", false);
    context.set("capabilities", object().set("drop", array().add("ALL")));
    context.put("privileged", false).put("readOnlyRootFilesystem", true).put("runAsNonRoot", true);
    context.set("seccompProfile", object().put("type", "RuntimeDefault"));
    return context;
  }

  /// All that PostgreSQL's container mounts, one mount for each volume as CNPG compares them, and
  /// ours.
  private ArrayNode mounts(JsonNode main) {
    var byVolume = new TreeMap<String, JsonNode>();
    for (var mount : main) {
      byVolume.merge(mount.path("name").asText(), mount, PodMutation::preferred);
    }
    byVolume.put(RUN, mount(RUN, SidecarContract.RUN_DIRECTORY));
    for (var claim : sidecar.claims()) {
      byVolume.put(
          volumeOf(claim), mount(volumeOf(claim), InstancePaths.VOLUMES.resolve(claim).toString()));
    }
    var mounts = array();
    byVolume.values().forEach(mount -> mounts.add(SortedJson.of(mount)));
    return mounts;
  }

  // CNPG mounts its scratch volume at /run and at /controller; the second is the one with sockets
  // and settings.
  private static JsonNode preferred(JsonNode one, JsonNode other) {
    return StreamSupport.stream(List.of(one, other).spliterator(), false)
        .min(
            Comparator.comparing(
                    (JsonNode mount) -> !path(mount).equals(SidecarContract.CONTROLLER_DIRECTORY))
                .thenComparing(PodMutation::path)
                .thenComparing(JsonNode::toString))
        .orElse(one);
  }

  private static String path(JsonNode mount) {
    return mount.path("mountPath").asText();
  }

  private static ObjectNode mount(String volume, String path) {
    return object().put("name", volume).put("mountPath", path);
  }

  // A claim may have a longer name than a volume may.
  private static String volumeOf(String claim) {
    if (claim.matches("[a-z0-9-]{1,40}")) {
      return CLAIM_PREFIX + claim;
    }
    return CLAIM_PREFIX + Fingerprint.of(claim, 16);
  }

  private static void put(ArrayNode list, ObjectNode element) {
    indexOf(list, element.path("name").asText())
        .ifPresentOrElse(index -> list.set(index, element), () -> list.add(element));
  }

  private static Optional<JsonNode> named(JsonNode list, String name) {
    return StreamSupport.stream(list.spliterator(), false)
        .filter(element -> element.path("name").asText().equals(name))
        .findFirst();
  }

  // Of two variables with one name Kubernetes takes the last.
  private static Optional<JsonNode> last(JsonNode list, String name) {
    return StreamSupport.stream(list.spliterator(), false)
        .filter(element -> element.path("name").asText().equals(name))
        .reduce((_, second) -> second);
  }

  private static Optional<Integer> indexOf(ArrayNode list, String name) {
    return IntStream.range(0, list.size())
        .filter(index -> list.get(index).path("name").asText().equals(name))
        .boxed()
        .findFirst();
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }
}
