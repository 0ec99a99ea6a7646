package com.dalibo.pgbackrest.stanza.api.repository;

import com.fasterxml.jackson.annotation.JsonProperty;

/// How a bucket or container is named in a request.
public enum UriStyle {
  /// As part of the host name.
  @JsonProperty("host")
  HOST,
  /// As the first part of the path; what most S3 servers outside AWS need.
  @JsonProperty("path")
  PATH
}
