package com.dalibo.pgbackrest.program;

/// A cluster that a repository knows: its number there, its system identifier and its major version
/// (`17`).
public record DatabaseInfo(int id, int repositoryKey, long systemId, String version) {}
