package com.dalibo.pgbackrest.stanza.api.pluginconfig;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/// A claim for resources of the pod.
public record ResourceClaim(
    @JsonPropertyDescription("Name of the claim in the pod.") @Required String name,
    @JsonPropertyDescription("Name of the request in the claim.") @Nullable String request) {}
