package com.dalibo.pgbackrest.operator.admission;

import com.dalibo.pgbackrest.stanza.api.Problem;
import com.dalibo.pgbackrest.stanza.api.SidecarMemory;
import com.dalibo.pgbackrest.stanza.api.pluginconfig.PluginConfig;
import com.dalibo.pgbackrest.stanza.api.pluginconfig.ResourceRequirements;
import com.dalibo.pgbackrest.stanza.api.reason.ClusterReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a PluginConfig lets the sidecar have. With wrong figures there is no pod, or none that
/// stays, and neither says why to those who look at the Cluster.
public final class SidecarResourceCheck {
  private final String pluginConfig;
  private final Map<String, String> limits;
  private final Map<String, String> requests;

  public SidecarResourceCheck(PluginConfig config) {
    this.pluginConfig = config.metadata().name();
    var resources = Optional.ofNullable(config.spec().resourcesRequirement());
    this.limits = resources.map(ResourceRequirements::limits).orElse(Map.of());
    this.requests = resources.map(ResourceRequirements::requests).orElse(Map.of());
  }

  public List<Problem> problems() {
    var problems = new ArrayList<Problem>();
    for (var request : requests.entrySet()) {
      var limit = Optional.ofNullable(limits.get(request.getKey()));
      if (EffectiveResources.isLess(limit, Optional.of(request.getValue()))) {
        problems.add(aboveLimit(request.getKey(), request.getValue(), limit.orElse("")));
      }
    }
    var memory = Optional.ofNullable(limits.get("memory"));
    if (EffectiveResources.isLess(memory, Optional.of(SidecarMemory.LEAST))) {
      problems.add(tooLittle(memory.orElse("")));
    }
    return problems;
  }

  private Problem aboveLimit(String resource, String request, String limit) {
    return new Problem(
        ClusterReason.REQUEST_ABOVE_LIMIT,
        "PluginConfig '%s' requests %s of %s for the sidecar and allows it %s, so that Kubernetes refuses every new pod: correct spec.resourcesRequirement, where no request may be above its limit"
            .formatted(pluginConfig, request, resource, limit));
  }

  private Problem tooLittle(String limit) {
    return new Problem(
        ClusterReason.MEMORY_LIMIT_TOO_LOW,
        "PluginConfig '%s' allows the sidecar %s of memory, with which it is killed repeatedly; it needs %s to archive and to recover, and %s for backups beside that: correct spec.resourcesRequirement.limits.memory"
            .formatted(pluginConfig, limit, SidecarMemory.LEAST, SidecarMemory.ENOUGH));
  }
}
