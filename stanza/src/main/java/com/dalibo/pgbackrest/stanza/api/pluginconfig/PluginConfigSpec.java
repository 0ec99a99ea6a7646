package com.dalibo.pgbackrest.stanza.api.pluginconfig;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/// How the sidecar runs.
public record PluginConfigSpec(
    @JsonPropertyDescription("Resources of the sidecar, in instance pods and in recovery jobs.")
        @Nullable ResourceRequirements resourcesRequirement,
    @JsonPropertyDescription(
            "Image of the sidecar. Absent: the one the operator was installed with, so that an "
                + "upgrade of the operator restarts the pods. Set it to decide yourself when the pods of clusters with this PluginConfig get a new image.")
        @Size(min = 1, max = 1024)
        @Nullable String image,
    @JsonPropertyDescription("Space for the spool of asynchronous archiving.")
        @Nullable StorageConfig storageConfig,
    @JsonPropertyDescription("Metrics endpoint for Prometheus.")
        @Nullable ExporterConfig exporterConfig,
    @JsonPropertyDescription("Log level of the sidecar.") @Nullable PluginLogLevel logLevel) {}
