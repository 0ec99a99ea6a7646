package com.dalibo.pgbackrest.stanza.api.repository;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/// The secrets of an S3 repository.
public record S3SecretRef(
    @JsonPropertyDescription("Access key id.") @Nullable SecretKeyRef accessKeyId,
    @JsonPropertyDescription("Secret access key.") @Nullable SecretKeyRef secretAccessKey,
    @JsonPropertyDescription("Session token of temporary credentials.")
        @Nullable SecretKeyRef sessionToken,
    @JsonPropertyDescription(
            "Key for server-side encryption with customer-provided keys (SSE-C): 256 bits in "
                + "base64. Every later read needs the same key.")
        @Nullable SecretKeyRef sseCustomerKey) {}
