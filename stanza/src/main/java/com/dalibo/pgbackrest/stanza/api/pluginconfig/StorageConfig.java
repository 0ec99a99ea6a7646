package com.dalibo.pgbackrest.stanza.api.pluginconfig;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/// Space for the spool of asynchronous archiving. An emptyDir is used; the fields are accepted for
/// manifests of the Go plugin.
public record StorageConfig(
    @JsonPropertyDescription(
            "Accepted but not used: the spool holds nothing worth a volume of its own.")
        @Size(min = 1, max = 253)
        @Nullable String storageClass,
    @JsonPropertyDescription("Limit of the spool.") @Pattern("^[0-9]+[MG]i$")
        @Nullable String size) {}
