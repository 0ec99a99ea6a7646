package com.dalibo.pgbackrest.stanza.api.pluginconfig;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/// A port for Prometheus beside the metrics endpoint of CNPG.
public record ExporterConfig(
    @JsonPropertyDescription("Whether there is one. Absent: there is none.")
        @Nullable Boolean enabled,
    @JsonPropertyDescription("Seconds between two looks at the repositories.") @Min(1)
        @Nullable Integer collectInterval,
    @JsonPropertyDescription("Accepted and not used: the sidecar exports the metrics itself.")
        @Nullable ResourceRequirements resourcesRequirement) {}
