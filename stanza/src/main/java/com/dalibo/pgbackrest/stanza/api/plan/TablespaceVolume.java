package com.dalibo.pgbackrest.stanza.api.plan;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/// The volume of a tablespace.
public record TablespaceVolume(
    @JsonPropertyDescription("Name of the tablespace.") @Required String name,
    @JsonPropertyDescription("Size of its volume.") @Required String size) {}
