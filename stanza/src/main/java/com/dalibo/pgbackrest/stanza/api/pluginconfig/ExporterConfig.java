package com.dalibo.pgbackrest.stanza.api.pluginconfig;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/// A port for Prometheus beside the metrics endpoint of CNPG.
public record ExporterConfig(
    @JsonPropertyDescription("Whether metrics are exported. Absent: they are not.")
        @Nullable Boolean enabled,
    @JsonPropertyDescription("Seconds between two queries of the repositories.") @Min(1)
        @Nullable Integer collectInterval,
    @JsonPropertyDescription("Accepted but not used: the sidecar exports the metrics itself.")
        @Nullable ResourceRequirements resourcesRequirement) {}
