package com.dalibo.pgbackrest.info;

/// A cluster that a repository knows: its number there, its system identifier and its major version
/// (`17`).
public record DatabaseInfo(int id, int repositoryKey, long systemId, String version) {

  /// The name of its folder in the archive: `17-1`.
  public String archiveId() {
    return version + "-" + id;
  }

  boolean isSameAs(DatabaseInfo other) {
    return systemId == other.systemId && version.equals(other.version);
  }
}
