package com.dalibo.pgbackrest.stanza.api.repository;

import com.fasterxml.jackson.annotation.JsonProperty;

/// Where the credentials of an S3 repository come from.
public enum S3KeyType {
  /// Keys in a Secret.
  @JsonProperty("shared")
  SHARED,
  /// The instance metadata of the cloud.
  @JsonProperty("auto")
  AUTO,
  /// A web identity token, as EKS gives to service accounts.
  @JsonProperty("web-id")
  WEB_ID,
  /// EKS Pod Identity.
  @JsonProperty("pod-id")
  POD_ID
}
