package com.dalibo.pgbackrest.info;

import org.jspecify.annotations.Nullable;

/// The first and last WAL segment that a repository holds for a cluster; none when it is empty.
/// There may be gaps.
public record ArchiveInfo(
    String id, int repositoryKey, int databaseId, @Nullable String min, @Nullable String max) {}
