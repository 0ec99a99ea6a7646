package com.dalibo.pgbackrest.sidecar.metrics;

import com.dalibo.pgbackrest.sidecar.status.Survey;
import com.dalibo.pgbackrest.sidecar.wal.ReadyWal;
import com.dalibo.pgbackrest.sidecar.walarchive.ArchivingStatistics;
import java.time.Instant;
import java.util.Optional;

/// Everything the metrics are computed from, at one moment.
///
/// @param observation empty until the repositories have been asked for the first time, and where
///   this is not the primary
public record MetricsState(
    Optional<Survey> observation,
    Optional<Instant> lastFailedBackup,
    ArchivingStatistics.Counts archive,
    ReadyWal waiting,
    Instant now) {}
