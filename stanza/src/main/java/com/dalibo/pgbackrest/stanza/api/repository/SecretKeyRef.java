package com.dalibo.pgbackrest.stanza.api.repository;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/// A key of a Secret in the namespace of the Stanza.
public record SecretKeyRef(
    @JsonPropertyDescription("Name of the object, in the namespace of the Stanza.")
        @Required
        @Size(min = 1, max = 253)
        @Pattern(RepositorySpec.OBJECT_NAME)
        String name,
    @JsonPropertyDescription("Key within its data.")
        @Required
        @Size(min = 1, max = 253)
        @Pattern(RepositorySpec.DATA_KEY)
        String key) {}
