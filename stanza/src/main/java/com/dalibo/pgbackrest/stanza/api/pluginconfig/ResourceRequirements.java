package com.dalibo.pgbackrest.stanza.api.pluginconfig;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Resources of a container, as Kubernetes knows them.
public record ResourceRequirements(
    @JsonPropertyDescription("Limits of the resources that the sidecar may use.")
        @Nullable Map<String, String> limits,
    @JsonPropertyDescription("Resources that the sidecar requests.")
        @Nullable Map<String, String> requests,
    @JsonPropertyDescription("Resource claims of the pod that the sidecar uses.")
        @Nullable List<Claim> claims) {
  /// A claim for resources of the pod.
  public record Claim(
      @JsonPropertyDescription("Name of the claim in the pod.") @Required String name,
      @JsonPropertyDescription("Name of the request in the claim.") @Nullable String request) {}
}
