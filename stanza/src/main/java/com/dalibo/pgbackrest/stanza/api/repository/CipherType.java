package com.dalibo.pgbackrest.stanza.api.repository;

import com.fasterxml.jackson.annotation.JsonProperty;

/// How a repository is encrypted.
public enum CipherType {
  /// AES with a key of 256 bits, in CBC mode.
  @JsonProperty("aes-256-cbc")
  AES_256_CBC
}
