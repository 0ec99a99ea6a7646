package com.dalibo.pgbackrest.stanza.api.repository;

import com.fasterxml.jackson.annotation.JsonProperty;

/// Which backups `archive` counts.
public enum ArchiveRetentionType {
  /// Full ones.
  @JsonProperty("full")
  FULL,
  /// Full and differential ones.
  @JsonProperty("diff")
  DIFF,
  /// All.
  @JsonProperty("incr")
  INCR
}
