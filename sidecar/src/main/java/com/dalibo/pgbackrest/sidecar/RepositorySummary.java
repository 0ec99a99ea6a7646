package com.dalibo.pgbackrest.sidecar;

import com.dalibo.pgbackrest.program.BackupType;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// What the metrics tell of one repository.
///
/// @param status the code of `pgbackrest info`, 0 where all is well
/// @param first when the oldest backup ended: nothing before it can be restored
/// @param last when the newest backup ended
record RepositorySummary(
    int index,
    String name,
    int status,
    Map<BackupType, Integer> backups,
    Optional<Instant> first,
    Optional<Instant> last) {}
