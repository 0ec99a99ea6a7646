package com.dalibo.pgbackrest.stanza.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/// What deleting a Backup object does to the repository.
public enum DeletionPolicy {
  /// Nothing; retention alone removes backups.
  @JsonProperty("Retain")
  RETAIN,
  /// The backup is expired from its repository.
  @JsonProperty("ExpireBackup")
  EXPIRE_BACKUP
}
