package com.dalibo.pgbackrest.stanza.api.repository;

import com.fasterxml.jackson.annotation.JsonProperty;

/// Where the credentials of a GCS repository come from.
public enum GcsKeyType {
  /// A service account key file.
  @JsonProperty("service")
  SERVICE,
  /// An authorization token.
  @JsonProperty("token")
  TOKEN,
  /// The instance metadata of the cloud.
  @JsonProperty("auto")
  AUTO
}
