package com.dalibo.pgbackrest.stanza.api;

import org.jspecify.annotations.Nullable;

/// What we use of an object's metadata.
public record Metadata(
    String name,
    @Nullable String namespace,
    @Nullable String uid,
    @Nullable Long generation,
    @Nullable String resourceVersion) {}
