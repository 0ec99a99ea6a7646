package com.dalibo.pgbackrest.stanza.api.repository;

import com.fasterxml.jackson.annotation.JsonProperty;

/// The hash of an SFTP host key.
public enum HostKeyHashType {
  /// MD5.
  @JsonProperty("md5")
  MD5,
  /// SHA-1.
  @JsonProperty("sha1")
  SHA1,
  /// SHA-256.
  @JsonProperty("sha256")
  SHA256
}
