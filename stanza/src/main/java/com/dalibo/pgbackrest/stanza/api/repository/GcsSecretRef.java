package com.dalibo.pgbackrest.stanza.api.repository;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/// The secret of a GCS repository.
public record GcsSecretRef(
    @JsonPropertyDescription(
            "Service account key file in JSON (keyType service) or authorization token (keyType "
                + "token).")
        @Nullable SecretKeyRef keyReference) {}
