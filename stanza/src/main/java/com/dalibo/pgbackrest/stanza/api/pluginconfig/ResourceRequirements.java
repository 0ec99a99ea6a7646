package com.dalibo.pgbackrest.stanza.api.pluginconfig;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Resources of a container, as Kubernetes knows them.
public record ResourceRequirements(
    @JsonPropertyDescription("What it may use at most.") @Nullable Map<String, String> limits,
    @JsonPropertyDescription("What it is given.") @Nullable Map<String, String> requests,
    @JsonPropertyDescription("Claims of the pod that it uses.") @Nullable List<Claim> claims) {
  /// A claim for resources of the pod.
  public record Claim(
      @JsonPropertyDescription("Name of the claim in the pod.") @Required String name,
      @JsonPropertyDescription("Name of the request in the claim.") @Nullable String request) {}
}
