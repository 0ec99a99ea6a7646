package com.dalibo.pgbackrest.stanza.api.repository;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/// The secret of an Azure repository.
public record AzureSecretRef(
    @JsonPropertyDescription(
            "Storage account key (keyType shared) or shared access signature (keyType sas).")
        @Nullable SecretKeyRef keyReference) {}
