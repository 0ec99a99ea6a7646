package com.dalibo.pgbackrest.stanza.api.repository;

import com.fasterxml.jackson.annotation.JsonProperty;

/// Where the credentials of an Azure repository come from.
public enum AzureKeyType {
  /// A storage account key.
  @JsonProperty("shared")
  SHARED,
  /// A shared access signature.
  @JsonProperty("sas")
  SAS,
  /// The managed identity of the cloud.
  @JsonProperty("auto")
  AUTO
}
