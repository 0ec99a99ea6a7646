package com.dalibo.pgbackrest.stanza.api.repository;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/// The secrets of an SFTP repository.
public record SftpSecretRef(
    @JsonPropertyDescription("Private key, in the format of OpenSSH or PEM.") @Required
        SecretKeyRef privateKey,
    @JsonPropertyDescription(
            "Public key; only needed when it cannot be derived from the private key.")
        @Nullable SecretKeyRef publicKey,
    @JsonPropertyDescription("Passphrase of the private key.") @Nullable SecretKeyRef passphrase) {}
