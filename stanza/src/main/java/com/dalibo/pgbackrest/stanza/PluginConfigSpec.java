package com.dalibo.pgbackrest.stanza;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/// How the sidecar runs.
public record PluginConfigSpec(
    @JsonPropertyDescription("Resources of the sidecar, in instance pods and in recovery jobs.")
        @Nullable ResourceRequirements resourcesRequirement,
    @JsonPropertyDescription("Space for the spool of asynchronous archiving.")
        @Nullable StorageConfig storageConfig,
    @JsonPropertyDescription("A port for Prometheus.") @Nullable ExporterConfig exporterConfig,
    @JsonPropertyDescription("How much the sidecar says.") @Nullable PluginLogLevel logLevel) {}
