package com.dalibo.pgbackrest.stanza.options;

import com.dalibo.pgbackrest.stanza.contract.SidecarContract;
import java.nio.file.Path;

/// Where things are beside this PostgreSQL.
///
/// @param pgPath its data directory
/// @param socketPath the directory of its socket
/// @param lockPath where processes of pgBackRest exclude one another
/// @param spoolPath where asynchronous archiving keeps its marks
/// @param caDirectory memory-backed and private: files with CA certificates and keys
/// @param volumesDirectory holds a directory for each claim, under its name
public record InstancePaths(
    Path pgPath,
    Path socketPath,
    int port,
    Path lockPath,
    Path spoolPath,
    Path caDirectory,
    Path volumesDirectory) {
  /// Where the operator mounts the claims of volume repositories.
  public static final Path VOLUMES = Path.of(SidecarContract.VOLUMES_DIRECTORY);
}
