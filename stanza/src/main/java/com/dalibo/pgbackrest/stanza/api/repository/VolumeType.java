package com.dalibo.pgbackrest.stanza.api.repository;

import com.fasterxml.jackson.annotation.JsonProperty;

/// Which file system a volume carries.
public enum VolumeType {
  /// An ordinary POSIX file system, NFS included.
  @JsonProperty("posix")
  POSIX,
  /// A CIFS share: no links, no directory syncs.
  @JsonProperty("cifs")
  CIFS
}
