package com.dalibo.pgbackrest.stanza.api.repository;

import com.fasterxml.jackson.annotation.JsonProperty;

/// What `full` counts.
public enum FullRetentionType {
  /// Full backups.
  @JsonProperty("count")
  COUNT,
  /// Days.
  @JsonProperty("time")
  TIME
}
