package com.dalibo.pgbackrest.sidecar;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Everything the metrics are computed from, at one moment.
///
/// @param repositories empty until the repositories have been asked for the first time
record MetricsState(
    Optional<List<RepositorySummary>> repositories,
    Optional<Instant> lastFailedBackup,
    ArchiveRecord.Counts archive) {}
