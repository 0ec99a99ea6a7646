package com.dalibo.pgbackrest.program;

import org.jspecify.annotations.Nullable;

/// The first and last WAL segment that a repository holds for a cluster; none when it is empty.
/// There may be gaps.
public record ArchiveInfo(
    String id, int repositoryKey, int databaseId, @Nullable String min, @Nullable String max) {

  /// Whether nothing says that these segments are missing: they lie between the first and the last.
  public boolean spans(String start, String stop) {
    return min != null && max != null && min.compareTo(start) <= 0 && max.compareTo(stop) >= 0;
  }
}
