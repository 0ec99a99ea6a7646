package com.dalibo.pgbackrest.stanza.api.repository;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/// Client-side encryption of a repository.
public record CipherConfig(
    @JsonPropertyDescription("Cipher; aes-256-cbc is the only one.") @Default("aes-256-cbc")
        @Nullable Type type,
    @JsonPropertyDescription(
            "Passphrase; at least 20 random characters. It cannot be changed later and nothing "
                + "can be restored without it: keep a copy outside the cluster.")
        @Required
        SecretKeyRef encryptionPass) {
  /// How a repository is encrypted.
  public enum Type {
    /// AES with a key of 256 bits, in CBC mode.
    @JsonProperty("aes-256-cbc")
    AES_256_CBC
  }
}
