package com.dalibo.pgbackrest.stanza.cluster;

/// What a cluster uses a stanza for.
public enum StanzaPurpose {
  /// It archives and backs up there.
  ARCHIVE,
  /// It was, or is being, restored from there.
  RECOVERY,
  /// It follows the cluster that archives there.
  REPLICA_SOURCE
}
