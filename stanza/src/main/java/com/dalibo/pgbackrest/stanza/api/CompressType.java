package com.dalibo.pgbackrest.stanza.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/// How backups and WAL are compressed.
public enum CompressType {
  /// Not at all.
  @JsonProperty("none")
  NONE,
  /// bzip2.
  @JsonProperty("bz2")
  BZ2,
  /// gzip.
  @JsonProperty("gz")
  GZ,
  /// LZ4.
  @JsonProperty("lz4")
  LZ4,
  /// Zstandard.
  @JsonProperty("zst")
  ZST
}
